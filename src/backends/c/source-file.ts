import { storageBytes } from "../../support/numeric/element-type.ts";
import type { ElementType } from "../../support/numeric/element-type.ts";
import { cCommentText } from "./identifiers.ts";
import type { EntryPoint } from "./interface.ts";
import { type PrintedModule, weightsVariable } from "./module-printer.ts";
import type { COptions } from "./options.ts";
import { weightsAlignment } from "./weights.ts";

/** The C type of a model's element in the public interface. Floats that C lacks are their bit patterns. */
export function publicElementType(type: ElementType): string {
  if (type === "f32") return "float";
  if (type === "f64") return "double";
  const bits = storageBytes(type) * 8;
  const isSigned = type === "index" || (type.startsWith("i") && type !== "i1");
  return isSigned ? `int${bits}_t` : `uint${bits}_t`;
}

/** What loading the weights looks like: nothing to load, loaded from a file, or part of the code. */
export type WeightsForm = "none" | "file" | "incbin" | "array";

export const weightsForm = (options: COptions, bytes: number): WeightsForm =>
  bytes === 0 ? "none" : !options.embedWeights ? "file" : options.cDialect === "gnu11" ? "incbin" : "array";

/** Bytes in pieces as the initializer of an array of 64-bit numbers, little-endian, which aligns them too. */
function wordList(pieces: readonly Uint8Array[], bytes: number): string {
  const all = new Uint8Array((bytes + 7) & ~7);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  const lines: string[] = [];
  const view = new DataView(all.buffer);
  for (let start = 0; start < all.length; start += 32) {
    const words: string[] = [];
    for (let offset = start; offset < Math.min(start + 32, all.length); offset += 8)
      words.push(`0x${view.getBigUint64(offset, true).toString(16).padStart(16, "0")}`);
    lines.push(`  ${words.join(", ")},`);
  }
  return lines.join("\n");
}

function weightsCode(form: WeightsForm, prefix: string, printed: PrintedModule): string {
  const { bytes, pieces } = printed.weights;
  switch (form) {
    case "none":
      return "";
    case "file":
      return `static const unsigned char *${weightsVariable};\nstatic void *weft_allocation;\nstatic int weft_users;`;
    case "incbin":
      // Symbols of other objects could clash: the label is local to this one.
      return [
        `__asm__(".pushsection .rodata\\n"`,
        `        ".balign ${weightsAlignment}\\n"`,
        `        ".L${prefix}_weights_data:\\n"`,
        `        ".incbin \\"${prefix}.weights.bin\\"\\n"`,
        `        ".popsection\\n");`,
        `static const unsigned char *weft_embedded_weights(void) {`,
        `  const unsigned char *data;`,
        `#if defined(__x86_64__)`,
        `  __asm__("lea .L${prefix}_weights_data(%%rip), %0" : "=r"(data));`,
        `#elif defined(__aarch64__)`,
        `  __asm__("adrp %0, .L${prefix}_weights_data\\n\\tadd %0, %0, :lo12:.L${prefix}_weights_data" : "=r"(data));`,
        `#else`,
        `#error "embedded weights need x86-64 or AArch64; compile the model without them"`,
        `#endif`,
        `  return data;`,
        `}`,
        `#define ${weightsVariable} (weft_embedded_weights())`,
      ].join("\n");
    case "array":
      return [
        `/* The weights as little-endian 64-bit words. */`,
        `static const uint64_t weft_weight_words[${Math.ceil(bytes / 8)}] = {`,
        wordList(pieces, bytes),
        `};`,
        `#define ${weightsVariable} ((const unsigned char *)weft_weight_words)`,
      ].join("\n");
  }
}

/** The functions that load and free the weights. */
function loadCode(form: WeightsForm, prefix: string, bytes: number): string {
  if (form !== "file")
    return `int ${prefix}_init(const char *weights_path) {
  (void)weights_path;
  return 0;
}

void ${prefix}_free(void) {
}`;
  return `int ${prefix}_init(const char *weights_path) {
  FILE *file;
  unsigned char *aligned;
  size_t count;
  if (${weightsVariable}) {
    weft_users++;
    return 0;
  }
  file = fopen(weights_path, "rb");
  if (!file) return ${prefix.toUpperCase()}_ERROR_FILE;
  weft_allocation = malloc((size_t)${bytes} + ${weightsAlignment});
  if (!weft_allocation) {
    fclose(file);
    return ${prefix.toUpperCase()}_ERROR_MEMORY;
  }
  aligned = (unsigned char *)weft_allocation + (${weightsAlignment} - (uintptr_t)weft_allocation % ${weightsAlignment}) % ${weightsAlignment};
  count = fread(aligned, 1, (size_t)${bytes}, file);
  fclose(file);
  if (count != (size_t)${bytes}) {
    free(weft_allocation);
    weft_allocation = NULL;
    return ${prefix.toUpperCase()}_ERROR_FILE;
  }
  ${weightsVariable} = aligned;
  weft_users = 1;
  return 0;
}

void ${prefix}_free(void) {
  if (weft_users == 0 || --weft_users > 0) return;
  free(weft_allocation);
  weft_allocation = NULL;
  ${weightsVariable} = NULL;
}`;
}

/** The public function that runs the model: it hands the caller's pointers to the entry point. */
function runCode(form: WeightsForm, prefix: string, entry: EntryPoint, printed: PrintedModule): string {
  const parts = entry.parameters.map((parameter, index) => {
    const type = printed.entryParameterTypes[index]!.trimEnd();
    if (parameter.role === "arena") return `(${type})arena`;
    return `(${type})${parameter.role}s->${parameter.identifier}`;
  });
  const unused = (["input", "output", "arena"] as const).filter(
    (role) => !entry.parameters.some((parameter) => parameter.role === role),
  );
  const lines = unused.map((role) => `  (void)${role === "arena" ? "arena" : `${role}s`};`);
  if (form === "file") lines.push(`  if (!${weightsVariable}) return ${prefix.toUpperCase()}_ERROR_NOT_INITIALIZED;`);
  const call = `  ${printed.entryName}(${parts.join(", ")});`;
  return `int ${prefix}_run(const struct ${prefix}_inputs *inputs, const struct ${prefix}_outputs *outputs, void *arena) {
${[...lines, call].join("\n")}
  return 0;
}`;
}

/** Parallel loops are OpenMP's where it is switched on. */
const parallelMacro = `#if defined(_OPENMP)
#define WEFT_PARALLEL(clauses) _Pragma(#clauses)
#else
#define WEFT_PARALLEL(clauses)
#endif`;

/** The text of the model's `.c` file. */
export function sourceFile(
  prefix: string,
  modelName: string,
  entry: EntryPoint,
  printed: PrintedModule,
  options: COptions,
): string {
  const form = weightsForm(options, printed.weights.bytes);
  const includes = new Set(["stdbool.h", "stdint.h", ...printed.includes]);
  if (form === "file") for (const header of ["stdio.h", "stdlib.h"]) includes.add(header);
  const sections = [
    `/* Generated by weft from ${cCommentText(modelName) || "a model"}. See ${prefix}.h for the interface. */`,
    `#include "${prefix}.h"\n\n${[...includes]
      .sort()
      .map((header) => `#include <${header}>`)
      .join("\n")}`,
    options.threads > 1 ? parallelMacro : "",
    printed.helpers,
    printed.constants,
    weightsCode(form, prefix, printed),
    printed.functions,
    loadCode(form, prefix, printed.weights.bytes),
    runCode(form, prefix, entry, printed),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}
