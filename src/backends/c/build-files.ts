import { cCommentText } from "./identifiers.ts";
import type { COptions } from "./options.ts";
import type { WeightsForm } from "./source-file.ts";

const standardOf = (options: COptions): string => (options.cDialect === "c99" ? "-std=c99" : "-std=gnu11");

/** The Makefile of an artifact's folder: a static library, a shared one and the example. */
export function makefile(prefix: string, options: COptions, form: WeightsForm): string {
  const openmp = options.threads > 1 ? " -fopenmp" : "";
  // gcc tells of a calling convention that changed in 2011 wherever vectors are wider than the processor's.
  const psabi = options.cDialect === "c99" ? "" : " -Wno-psabi";
  const weights = form === "incbin" ? ` ${prefix}.weights.bin` : "";
  return `# Builds ${prefix} as a static library, a shared library and an example program that runs it.
#
# -ffp-contract=fast lets a product and a sum become one fused multiply-add; the other two -f flags give up errno and
# floating-point traps, which the code never looks at. Values are otherwise those of IEEE 754: do not use -ffast-math.
CC ?= gcc
CFLAGS ?= -O3 -march=native
WEFT_FLAGS = ${standardOf(options)} -Wall -Wextra -ffp-contract=fast -fno-math-errno -fno-trapping-math -fPIC${psabi}${openmp}

all: lib${prefix}.a lib${prefix}.so ${prefix}

${prefix}.o: ${prefix}.c ${prefix}.h${weights}
	$(CC) $(CFLAGS) $(WEFT_FLAGS) -c -o $@ ${prefix}.c

lib${prefix}.a: ${prefix}.o
	$(AR) rcs $@ ${prefix}.o

lib${prefix}.so: ${prefix}.o
	$(CC)${openmp} -shared -o $@ ${prefix}.o -lm

${prefix}: ${prefix}_main.c lib${prefix}.a
	$(CC) $(CFLAGS) $(WEFT_FLAGS) -o $@ ${prefix}_main.c lib${prefix}.a -lm

clean:
	rm -f ${prefix}.o lib${prefix}.a lib${prefix}.so ${prefix}

.PHONY: all clean
`;
}

/** Markdown shows any text as it is inside a code span that its own backquotes cannot end. */
const markdownName = (text: string): string => `\`${cCommentText(text, 100).replaceAll("`", "'") || "a model"}\``;

/** The README of an artifact's folder. */
export function readmeFile(prefix: string, modelName: string, options: COptions, form: WeightsForm): string {
  const compiler = options.cDialect === "c99" ? "any C99 compiler" : "gcc 12 or newer, or clang";
  const weights = form === "file" ? ` It needs \`${prefix}.weights.bin\`, whose path \`${prefix}_init\` takes.` : "";
  return `# ${markdownName(modelName)}, compiled to C by weft

\`make\` builds it with ${compiler}; \`./${prefix} [input files]\` runs it once on raw little-endian files (zeros for those left out) and prints the time.${weights}
The interface is in \`${prefix}.h\`, what was done to the model in \`report.html\`.
`;
}
