import { EmbeddedActionsParser, type IParserErrorMessageProvider, type IToken, type TokenType } from "chevrotain";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { lineOf, lineStartsOf } from "../../support/line-starts.ts";
import { fileLocation, type Location } from "../../support/location.ts";
import { textDiagnostics } from "./diagnostics.ts";
import { tokenize, type TokenTable } from "./lexer.ts";
import { problemOfToken } from "./malformed-token.ts";
import type { TextRange } from "./parse-observer.ts";
import { kindOf, t, tokenTypes, vocabulary } from "./tokens.ts";

/** Levels of regions, types and attributes that may nest; well below what the machine's stack takes. */
export const nestingLimit = 100;
/** Errors that are reported before the rest of a file is skipped. */
const errorLimit = 100;

/** Where a parse broke off; caught at the next place from where it can go on. */
export class ParseFailure extends Error {
  /** Undefined when what is wrong was told before. */
  readonly diagnostic: Diagnostic | undefined;
  constructor(diagnostic: Diagnostic | undefined) {
    super(diagnostic?.message);
    this.diagnostic = diagnostic;
  }
}

/** A token as chevrotain wants it, made when it is looked at. */
class SourceToken implements IToken {
  readonly index: number;
  readonly tokenType: TokenType;
  readonly tokenTypeIdx: number;
  readonly startOffset: number;
  readonly #table: TokenTable;

  constructor(table: TokenTable, index: number) {
    this.#table = table;
    this.index = index;
    this.tokenType = tokenTypes[table.kinds[index]!]!;
    this.tokenTypeIdx = this.tokenType.tokenTypeIdx!;
    this.startOffset = table.starts[index]!;
  }
  get image(): string {
    return this.#table.source.slice(this.startOffset, this.#table.ends[this.index]);
  }
}

const labelOf = (type: TokenType): string => type.LABEL ?? type.name;
const distinctLabels = (paths: readonly (readonly (readonly TokenType[])[])[]): string => {
  const labels = [...new Set(paths.flatMap((alternatives) => alternatives.map((path) => labelOf(path[0]!))))];
  return labels.length > 6 ? `${labels.slice(0, 6).join(", ")} …` : labels.join(" or ");
};
/** Messages that say what was expected; what was found is added where they are reported. */
const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labelOf(expected),
  buildNotAllInputParsedMessage: () => "end of file",
  buildNoViableAltMessage: ({ expectedPathsPerAlt, customUserDescription }) =>
    customUserDescription ?? distinctLabels(expectedPathsPerAlt as readonly TokenType[][][]),
  buildEarlyExitMessage: ({ expectedIterationPaths, customUserDescription }) =>
    customUserDescription ?? distinctLabels([expectedIterationPaths as readonly TokenType[][]]),
};

const emptyTable = tokenize("");
const ringMask = 7;

/** A chevrotain parser over the scanner's token table: places, diagnostics, limits and recovery. */
export abstract class TokenParser extends EmbeddedActionsParser {
  protected table: TokenTable = emptyTable;
  protected file = "";
  #firstLine = 1;
  protected diagnostics: Diagnostic[] = [];
  #last = -1;
  #ring: (SourceToken | undefined)[] = [];
  #lineStarts: Uint32Array | undefined;
  #lineCursor = 0;
  #braceDepths: Int32Array | undefined;
  #depth = 0;

  constructor() {
    super([...vocabulary], { maxLookahead: 1, recoveryEnabled: false, errorMessageProvider: messages });
  }

  /** Starts on another text, which begins at line `firstLine` of the file. */
  protected load(source: string, file: string, firstLine = 1): void {
    this.table = tokenize(source);
    this.file = file;
    this.#firstLine = firstLine;
    this.diagnostics = [];
    this.#ring = [];
    this.#lineStarts = undefined;
    this.#lineCursor = 0;
    this.#braceDepths = undefined;
    this.#depth = 0;
    this.reset();
    this.#last = -1;
  }

  /** Lets go of the text. */
  protected unload(): void {
    this.table = emptyTable;
    this.#ring = [];
    this.#lineStarts = undefined;
    this.#braceDepths = undefined;
  }

  // --- chevrotain's view of the token table ------------------------------------------------------------------------------------

  override LA(howMuch: number): IToken {
    const index = Math.max(0, Math.min(this.#last + howMuch, this.table.count - 1));
    let token = this.#ring[index & ringMask];
    if (token === undefined || token.index !== index)
      this.#ring[index & ringMask] = token = new SourceToken(this.table, index);
    return token;
  }
  override LA_FAST(howMuch: number): IToken {
    return this.LA(howMuch);
  }
  consumeToken(): void {
    this.#last++;
  }
  override SKIP_TOKEN(): IToken {
    if (this.#last < this.table.count - 1) this.#last++;
    return this.LA(1);
  }
  exportLexerState(): number {
    return this.#last;
  }
  importLexerState(state: number): void {
    this.#last = state;
  }
  resetLexerState(): void {
    this.#last = -1;
  }
  moveToTerminatedState(): void {
    this.#last = this.table.count - 2;
  }
  getLexerPosition(): number {
    return this.#last;
  }
  onBeforeParse(): void {}
  onAfterParse(): void {}

  // --- tokens ------------------------------------------------------------------------------------------------------------------

  /** Index of the next token. */
  protected get next(): number {
    return this.#last + 1;
  }
  protected set next(index: number) {
    this.#last = index - 1;
  }
  protected get kind(): number {
    return this.table.kinds[this.#last + 1]!;
  }
  protected kindAhead(distance: number): number {
    return this.table.kinds[Math.min(this.#last + distance, this.table.count - 1)]!;
  }
  protected textOf(index: number): string {
    return this.table.source.slice(this.table.starts[index], this.table.ends[index]);
  }
  /** Consumes a token of this kind if it is next. */
  protected accept(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.#last++;
    return true;
  }
  /** Consumes a token of this kind; returns its text. */
  protected take(kind: number): string {
    if (this.kind !== kind) this.unexpected(labelOf(tokenTypes[kind]!));
    this.#last++;
    return this.textOf(this.#last);
  }
  /** Whether the next token is an identifier or a keyword. */
  protected get atIdentifier(): boolean {
    const type = tokenTypes[this.kind]!;
    return type === t.Identifier || (type.CATEGORIES?.includes(t.Identifier) ?? false);
  }
  protected takeIdentifier(expected = "identifier"): string {
    if (!this.atIdentifier) this.unexpected(expected);
    this.#last++;
    return this.textOf(this.#last);
  }
  /** Whether the next token is exactly this text. */
  protected isText(text: string): boolean {
    const index = this.next;
    const start = this.table.starts[index]!;
    return (
      this.table.ends[index]! - start === text.length &&
      this.table.source.startsWith(text, start) &&
      this.kind !== kindOf.EndOfFile
    );
  }
  /** Consumes exactly this text if it is the next token. */
  protected acceptText(text: string): boolean {
    if (!this.isText(text)) return false;
    this.#last++;
    return true;
  }

  // --- places and diagnostics --------------------------------------------------------------------------------------------------

  /** Where a token stands in the text. */
  protected rangeOf(index: number): TextRange {
    return { start: this.table.starts[index]!, end: this.table.ends[index]! };
  }

  protected locationAt(index: number): Location {
    return this.locationOfOffset(this.table.starts[Math.max(0, Math.min(index, this.table.count - 1))]!);
  }
  protected locationOfOffset(offset: number): Location {
    const starts = (this.#lineStarts ??= lineStartsOf(this.table.source));
    let line = this.#lineCursor;
    if (starts[line]! > offset || (starts[line + 8] ?? Infinity) <= offset) line = lineOf(starts, offset);
    else while (line + 1 < starts.length && starts[line + 1]! <= offset) line++;
    this.#lineCursor = line;
    return fileLocation(this.file, line + this.#firstLine, offset - starts[line]! + 1);
  }

  protected describeToken(index: number): string {
    if (this.table.kinds[index] === kindOf.EndOfFile) return "end of file";
    const text = this.textOf(index);
    return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
  }

  protected report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    if (this.diagnostics.length < errorLimit) return;
    this.diagnostics.push(textDiagnostics.at("too-many-errors", diagnostic.location, { limit: errorLimit }));
    throw new CompileError(this.diagnostics);
  }
  protected abort(diagnostic: Diagnostic): never {
    throw new ParseFailure(diagnostic);
  }
  protected failAt(index: number, what: string): never {
    return this.abort(textDiagnostics.at("syntax", this.locationAt(index), { what }));
  }
  protected unexpected(expected: string): never {
    return this.abort(this.#unexpectedAt(this.next, expected));
  }
  #unexpectedAt(index: number, expected: string): Diagnostic {
    const found = this.describeToken(index);
    if (this.table.kinds[index] === kindOf.Error)
      return textDiagnostics.at("malformed-token", this.locationAt(index), {
        token: found,
        problem: problemOfToken(this.textOf(index)),
      });
    return textDiagnostics.at("unexpected-token", this.#placeOfMissing(index, expected), { expected, found });
  }
  /** What is missing at the end of a line is missing there, not where the next line begins; words are, as upstream has it. */
  #placeOfMissing(index: number, expected: string): Location {
    if (index === 0 || !this.#beginsLine(index) || wordLabel.test(expected)) return this.locationAt(index);
    return this.locationOfOffset(this.table.ends[index - 1]!);
  }

  /** Runs `parse`; on a syntax error reports it, and returns undefined. */
  protected attempt<T>(parse: () => T): T | undefined {
    const depth = this.#depth;
    try {
      return parse();
    } catch (error) {
      this.#depth = depth;
      if (error instanceof ParseFailure) {
        if (error.diagnostic !== undefined) this.report(error.diagnostic);
      } else if (isRecognitionError(error))
        this.report(this.#unexpectedAt((error.token as SourceToken).index, error.message));
      else throw error;
      return undefined;
    }
  }

  /** Runs `parse`; on a syntax error goes back, and returns undefined. */
  protected speculate<T>(parse: () => T): T | undefined {
    const [depth, last] = [this.#depth, this.#last];
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ParseFailure) && !isRecognitionError(error)) throw error;
      this.#depth = depth;
      this.#last = last;
      return undefined;
    }
  }

  /** Runs `parse` on other tokens, from the first of them on, and comes back. */
  protected inTable<T>(table: TokenTable, parse: () => T): T {
    const outer = { table: this.table, last: this.#last, ring: this.#ring };
    this.table = table;
    this.#last = -1;
    this.#ring = [];
    try {
      return parse();
    } finally {
      this.table = outer.table;
      this.#last = outer.last;
      this.#ring = outer.ring;
    }
  }

  /** Runs `parse` one level deeper. */
  protected nested<T>(parse: () => T): T {
    if (this.#depth >= nestingLimit)
      this.abort(textDiagnostics.at("nesting-limit", this.locationAt(this.next), { limit: nestingLimit }));
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  // --- recovery ----------------------------------------------------------------------------------------------------------------

  /**
   * Moves from a broken operation that began at token `start` to the next one of the same region, to the next block, or to the
   * brace that closes the region.
   */
  protected skipOperation(start: number): void {
    const depths = (this.#braceDepths ??= braceDepthsOf(this.table));
    const depth = depths[start]!;
    const { kinds, count } = this.table;
    let index = Math.max(this.next, start + 1);
    for (; index < count - 1; index++) {
      if (depths[index]! < depth) break;
      if (depths[index]! > depth || !this.#beginsLine(index)) continue;
      const kind = kinds[index]!;
      if (kind === kindOf.Value || kind === kindOf.String || kind === kindOf.Block) break;
      if (kind === kindOf.Identifier || kind === kindOf.AttributeName || kind === kindOf.TypeName) break;
    }
    this.next = index;
  }

  #beginsLine(index: number): boolean {
    return this.table.source.slice(this.table.ends[index - 1], this.table.starts[index]).includes("\n");
  }
}

/** What the parser calls keywords and names that it misses. */
const wordLabel = /^(?:'[A-Za-z_][\w.]*'|symbol name|identifier)$/;

interface RecognitionError extends Error {
  readonly token: IToken;
}
const isRecognitionError = (error: unknown): error is RecognitionError =>
  error instanceof Error && "token" in error && (error.token as IToken | undefined) instanceof SourceToken;

/** How many braces are open before each token; a closing brace counts as outside. */
function braceDepthsOf({ kinds, count }: TokenTable): Int32Array {
  const depths = new Int32Array(count);
  let depth = 0;
  for (let index = 0; index < count; index++) {
    if (kinds[index] === kindOf.RBrace) depth--;
    depths[index] = depth;
    if (kinds[index] === kindOf.LBrace) depth++;
  }
  return depths;
}
