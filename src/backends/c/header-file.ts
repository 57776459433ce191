import type { ArtifactTensor } from "../artifact.ts";
import { cCommentText, cString } from "./identifiers.ts";
import type { EntryPoint } from "./interface.ts";
import { publicElementType } from "./source-file.ts";
import { weightsAlignment } from "./weights.ts";

/** `f32 tensor of 1 x 3 x 224 x 224`. */
const describeTensor = ({ elementType, shape }: ArtifactTensor): string =>
  shape.length === 0 ? `${elementType} scalar` : `${elementType} tensor of ${shape.join(" x ")}`;

/** The members of the struct that holds pointers to the inputs or outputs. */
function members(entry: EntryPoint, role: "input" | "output"): string {
  const lines = entry.parameters.flatMap((parameter) => {
    if (parameter.role !== role) return [];
    const { tensor, identifier } = parameter;
    const element = publicElementType(tensor.elementType);
    const comment = `/* ${cCommentText(tensor.name, 100) || "?"}: ${describeTensor(tensor)} */`;
    return [`  ${comment}`, `  ${role === "input" ? "const " : ""}${element} *${identifier};`];
  });
  // C structs are never empty.
  return lines.length > 0 ? lines.join("\n") : "  const void *none;";
}

function tensorMacros(macro: string, tensors: readonly ArtifactTensor[], kind: "INPUT" | "OUTPUT"): string {
  const lines = [`#define ${macro}_${kind}_COUNT ${tensors.length}`];
  tensors.forEach((tensor, index) => {
    const stem = `#define ${macro}_${kind}_${index}`;
    const count = tensor.shape.reduce((product, size) => product * size, 1);
    lines.push(
      `${stem}_NAME ${cString(tensor.name.slice(0, 1000))}`,
      `${stem}_TYPE ${cString(tensor.elementType)}`,
      `${stem}_RANK ${tensor.shape.length}`,
      `${stem}_SHAPE {${tensor.shape.length > 0 ? tensor.shape.join(", ") : "1"}}`,
      `${stem}_ELEMENTS ${count}`,
      `${stem}_BYTES ${tensor.bytes}`,
    );
  });
  return lines.join("\n");
}

/** The text of the model's `.h` file: its documented interface. */
export function headerFile(prefix: string, modelName: string, entry: EntryPoint, weightsBytes: number): string {
  const macro = prefix.toUpperCase();
  const usesArena = entry.arenaBytes > 0;
  return `/* Interface of ${cCommentText(modelName) || "a model"}, compiled by weft.
 *
 * Call ${prefix}_init once, then ${prefix}_run as often as you like. Nothing is allocated by a run: all working
 * memory is the arena that the caller gives. Runs at the same time are safe when each has an arena and outputs of
 * its own.
 */
#ifndef WEFT_${macro}_H
#define WEFT_${macro}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of working memory, and the alignment of its address. */
#define ${macro}_ARENA_BYTES ${entry.arenaBytes}
#define ${macro}_ARENA_ALIGNMENT ${weightsAlignment}
/* Bytes of the weights. */
#define ${macro}_WEIGHTS_BYTES ${weightsBytes}

${tensorMacros(macro, entry.inputs, "INPUT")}

${tensorMacros(macro, entry.outputs, "OUTPUT")}

/* What the functions return when they fail; 0 is success. */
#define ${macro}_ERROR_FILE 1
#define ${macro}_ERROR_MEMORY 2
#define ${macro}_ERROR_NOT_INITIALIZED 3

/* Row-major elements of each input; they are only read. Booleans are bytes of 0 or 1, narrow integers take a byte
 * each, and floats that C lacks are their bit patterns. Addresses are aligned for the element type. */
struct ${prefix}_inputs {
${members(entry, "input")}
};

/* Where each output goes. Outputs, inputs and the arena do not overlap. */
struct ${prefix}_outputs {
${members(entry, "output")}
};

/* Loads the weights from a file. A model whose weights are in its code, or that has none, ignores the path, as does
 * a call while the weights are loaded; every call that succeeds is to be paired with one of ${prefix}_free.
 * Returns 0, ${macro}_ERROR_FILE or ${macro}_ERROR_MEMORY. Not to be called while the model runs. */
int ${prefix}_init(const char *weights_path);

/* Runs the model once. ${usesArena ? `The arena has ${macro}_ARENA_BYTES bytes; what was in it does not matter.` : "The arena is not used and may be NULL."}
 * Returns 0, or ${macro}_ERROR_NOT_INITIALIZED when the weights are not loaded. */
int ${prefix}_run(const struct ${prefix}_inputs *inputs, const struct ${prefix}_outputs *outputs, void *arena);

/* Frees the weights when it was called as often as ${prefix}_init, which may then be called again. */
void ${prefix}_free(void);

#ifdef __cplusplus
}
#endif

#endif
`;
}
