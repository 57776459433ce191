import type { EntryPoint } from "./interface.ts";

/** The text of a program that runs the model on raw files, or on zeros, and prints the time and the first results. */
export function exampleFile(prefix: string, entry: EntryPoint): string {
  const macro = prefix.toUpperCase();
  const members = (role: "input" | "output") =>
    entry.parameters.flatMap((parameter) => (parameter.role === role ? [parameter.identifier] : []));
  const allocate = (role: "input" | "output", kind: "INPUT" | "OUTPUT") =>
    members(role).map(
      (identifier, index) =>
        `  ${role}s.${identifier} = buffer(${macro}_${kind}_${index}_BYTES, ${role === "input" ? `argc > ${index + 1} ? argv[${index + 1}] : NULL` : "NULL"});`,
    );
  const report = members("output").map(
    (identifier, index) =>
      `  show(${macro}_OUTPUT_${index}_NAME, ${macro}_OUTPUT_${index}_TYPE, outputs.${identifier}, ${macro}_OUTPUT_${index}_BYTES);`,
  );
  const free = [
    ...members("input").map((identifier) => `  free((void *)inputs.${identifier});`),
    ...members("output").map((identifier) => `  free(outputs.${identifier});`),
  ];
  const unusedShow = report.length === 0 ? "  (void)show;\n" : "";
  const unusedBuffer = members("input").length + members("output").length === 0 ? "  (void)buffer;\n" : "";
  return `/* Runs the model once: ${prefix} [FILE ...], one raw file for each input in order; inputs left out are zeros. */
#include "${prefix}.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Memory of zeros, filled from a file when there is one. */
static void *buffer(size_t bytes, const char *path) {
  void *memory = calloc(bytes > 0 ? bytes : 1, 1);
  if (!memory) {
    fprintf(stderr, "out of memory\\n");
    exit(1);
  }
  if (path) {
    FILE *file = fopen(path, "rb");
    if (!file || fread(memory, 1, bytes, file) != bytes) {
      fprintf(stderr, "cannot read %lu bytes from %s\\n", (unsigned long)bytes, path);
      exit(1);
    }
    fclose(file);
  }
  return memory;
}

static void show(const char *name, const char *type, const void *data, size_t bytes) {
  size_t i;
  printf("%s (%s):", name, type);
  if (strcmp(type, "f32") == 0)
    for (i = 0; i < bytes / 4 && i < 8; i++) printf(" %g", (double)((const float *)data)[i]);
  else if (strcmp(type, "f64") == 0)
    for (i = 0; i < bytes / 8 && i < 8; i++) printf(" %g", ((const double *)data)[i]);
  else if (strcmp(type, "i64") == 0)
    for (i = 0; i < bytes / 8 && i < 8; i++) printf(" %ld", (long)((const int64_t *)data)[i]);
  else
    for (i = 0; i < bytes && i < 16; i++) printf(" %02x", ((const unsigned char *)data)[i]);
  printf("\\n");
}

int main(int argc, char **argv) {
  struct ${prefix}_inputs inputs;
  struct ${prefix}_outputs outputs;
  unsigned char *memory = malloc(${macro}_ARENA_BYTES + ${macro}_ARENA_ALIGNMENT);
  unsigned char *arena;
  clock_t start;
  int status = ${prefix}_init("${prefix}.weights.bin");
  if (status != 0 || !memory) {
    fprintf(stderr, "cannot load ${prefix}.weights.bin (error %d)\\n", status);
    return 1;
  }
  arena = memory + (${macro}_ARENA_ALIGNMENT - (uintptr_t)memory % ${macro}_ARENA_ALIGNMENT) % ${macro}_ARENA_ALIGNMENT;
  (void)argc;
  (void)argv;
${unusedBuffer}${unusedShow}  memset(&inputs, 0, sizeof inputs);
  memset(&outputs, 0, sizeof outputs);
${[...allocate("input", "INPUT"), ...allocate("output", "OUTPUT")].join("\n")}
  start = clock();
  status = ${prefix}_run(&inputs, &outputs, arena);
  printf("status %d, %.3f ms\\n", status, 1000.0 * (double)(clock() - start) / CLOCKS_PER_SEC);
${report.join("\n")}
${free.join("\n")}
  free(memory);
  ${prefix}_free();
  return status;
}
`;
}
