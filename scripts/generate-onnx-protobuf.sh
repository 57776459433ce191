#!/bin/sh
# Regenerates src/frontends/onnx/protobuf/onnx_pb.ts from onnx.proto beside it. Needs `protoc` (Debian: protobuf-compiler).
set -eu
cd "$(dirname "$0")/.."
folder=src/frontends/onnx/protobuf
protoc --plugin=protoc-gen-es=node_modules/.bin/protoc-gen-es --proto_path="$folder" \
  --es_out="$folder" --es_opt=target=ts,import_extension=ts,erasable_syntax=true "$folder/onnx.proto"
# Say where the file comes from, above the plugin's own header.
printf '// Generated from onnx.proto by scripts/generate-onnx-protobuf.sh; do not edit.\n%s\n' "$(cat "$folder/onnx_pb.ts")" \
  > "$folder/onnx_pb.ts.new"
mv "$folder/onnx_pb.ts.new" "$folder/onnx_pb.ts"
