import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { upstreamPrints } from "../../../src/testing/upstream.ts";

const written: Readonly<Record<string, readonly string[]>> = {
  "scales of quantized types": [
    "!quant.uniform<i8<-8:7>:f32, 0.123456789012345:127>",
    "!quant.uniform<u8<0:255>:f32, 2.0e+2>",
    "!quant.uniform<si8:f32, 1.0:0>",
    "!quant.uniform<u8:f32:{0:1, 1:2}, {{2.0:120,3.0:127}, {4.0:0,5.0}}>",
    "!quant.uniform<i8:f32:1, {2.0:0,3.0:-5}>",
    "!quant.any<i8<-16:7>:f32>",
    "!quant.any<u8>",
    "!quant.calibrated<f32<-0.998:1.2321>>",
    "!quant.uniform<i4<-8:7>:f32, 1.0:-8>",
  ],
  "data layouts": [
    '#dlti.dl_spec<#dlti.dl_entry<index, 32>, #dlti.dl_entry<"a.b", "x">>',
    '#dlti.map<"x"=1,i32   = 2, "y" = #dlti.map<"z"=1.0>>',
    '#dlti.target_system_spec<"CPU" = #dlti.target_device_spec<"L1" = 4>>',
    "#dlti.dl_spec<>",
    "#dlti.dl_entry<i32,3>",
    "#dlti.function_pointer_alignment<32,function_dependent=true>",
    "#dlti.dl_spec<!llvm.ptr = dense<[64,64,64,64]> : vector<4xi64>>",
  ],
  "sparse encodings": [
    "#sparse_tensor.encoding<{map = (i, j) -> (i : dense, j : compressed)}>",
    "#sparse_tensor.encoding<{ map = (d0, d1) -> (d1 : compressed(nonordered, nonunique), d0 : singleton), crdWidth = 32, posWidth = 0 }>",
    "#sparse_tensor.encoding<{\n map = (i,j) -> (i floordiv 2 : dense, j floordiv 3 : compressed, i mod 2 : dense, j mod 3 : dense) }>",
    "#sparse_tensor.encoding<{ map = (d0 : #sparse_tensor<slice(1,4,1)>, d1 : #sparse_tensor<slice(?, ?, 2)>) -> (d0 : dense, d1 : compressed) }>",
    "#sparse_tensor.encoding<{ map = {l0, l1} (d0 = l0, d1 = l1) -> (l0 = d0 : dense, l1 = d1 : compressed), explicitVal = 1.0 : f32, implicitVal = 0.0 : f32 }>",
  ],
  "flags and cases": [
    "#arith<fastmath<nnan,ninf>>",
    "#arith.fastmath<ninf , nnan>",
    "#arith.overflow<nsw,nuw>",
    "#arith.overflow<nuw,nsw>",
    "#llvm.fastmath<nnan,contract>",
    "#gpu<dim  x>",
    "#spirv.storage_class< StorageBuffer >",
    "#vector<kind<add>>",
    "#gpu.loop_dim_map<bound = (d0) -> (d0), map = (d0)->(d0), processor = block_x>",
  ],
  "parameters by name": [
    "#spirv.target_env<#spirv.vce<v1.0,[Shader],\n [SPV_KHR_storage_buffer_storage_class]>,#spirv.resource_limits<subgroup_size = 16, max_compute_workgroup_invocations = 128>>",
    "#spirv.entry_point_abi<workgroup_size = [32,4,1]>",
    "#omp.flags<debug_kind = 0, assume_no_thread_state = true>",
    "#ptr.spec<preferred = 32, abi=32, size=32>",
  ],
  "dialects that are not registered keep what was written": ["#foo.bar<  1 ,2  >", "#foo<bar 1>", "!foo.bar<a:1,   b>"],
};

test.each(Object.entries(written))("%s are brought to upstream's form", (_, texts) => {
  const source = texts.map((text) => `"a.b"() {a = ${text}} : () -> ()\n`).join("");
  const [theirs] = upstreamPrints([source], ["--mlir-print-op-generic"]);
  if (theirs?.kind !== "printed") throw new Error(theirs?.message);
  const module = parseModule(source, { file: "bodies", registry, allowUnregisteredDialects: true });
  expect(printModule(module, registry, { generic: true })).toBe(theirs.text);
});

test("inherent attributes of upstream's operations become properties, with defaults", () => {
  const source = `"test.reify_bound"(%arg0) {dim = 0 : i64} : (memref<6x?xf32>) -> index`;
  const text = `"func.func"() <{function_type = (memref<6x?xf32>) -> (), sym_name = "f"}> ({
  ^bb0(%arg0: memref<6x?xf32>):
    %0 = ${source}
    %1 = "gpu.thread_id"() {dimension = #gpu<dim x>} : () -> index
    "func.return"() : () -> ()
  }) : () -> ()
`;
  const [theirs] = upstreamPrints([text], ["--mlir-print-op-generic"]);
  if (theirs?.kind !== "printed") throw new Error(theirs?.message);
  const module = parseModule(text, { file: "bodies", registry, allowUnregisteredDialects: true });
  expect(printModule(module, registry, { generic: true })).toBe(theirs.text);
});
