import { createToken, EOF, Lexer, type TokenType } from "chevrotain";

/** A token type that the scanner makes; chevrotain's own lexer is not used, so it has no pattern. */
const token = (name: string, label: string): TokenType => createToken({ name, label, pattern: Lexer.NA });
const punctuation = (name: string, text: string): TokenType => token(name, `'${text}'`);

export const Identifier = token("Identifier", "identifier");
/** A word of the attribute and type grammar; everywhere else it is an identifier like any other. */
const keyword = (text: string): TokenType =>
  createToken({ name: `keyword_${text}`, label: `'${text}'`, pattern: Lexer.NA, categories: [Identifier] });

/** Every token type, by the name the grammar calls it. */
export const t = {
  Error: token("Error", "malformed token"),
  Identifier,
  IntegerType: createToken({ name: "IntegerType", label: "integer type", pattern: Lexer.NA, categories: [Identifier] }),
  FloatType: createToken({ name: "FloatType", label: "float type", pattern: Lexer.NA, categories: [Identifier] }),
  /** `%name` or `%name#1`. */
  Value: token("Value", "SSA value"),
  Block: token("Block", "block name"),
  Symbol: token("Symbol", "symbol name"),
  /** `#name`. */
  AttributeName: token("AttributeName", "attribute alias or dialect attribute"),
  /** `#dialect.name<…>`, up to the closing bracket. */
  AttributeBody: token("AttributeBody", "dialect attribute"),
  /** `!name`. */
  TypeName: token("TypeName", "type alias or dialect type"),
  TypeBody: token("TypeBody", "dialect type"),
  Integer: token("Integer", "integer"),
  Float: token("Float", "floating-point number"),
  String: token("String", "string"),
  /** The sizes of a shape with their `x`: `4x?x`. */
  Dimensions: token("Dimensions", "dimensions"),
  LParen: punctuation("LParen", "("),
  RParen: punctuation("RParen", ")"),
  LBrace: punctuation("LBrace", "{"),
  RBrace: punctuation("RBrace", "}"),
  LSquare: punctuation("LSquare", "["),
  RSquare: punctuation("RSquare", "]"),
  Less: punctuation("Less", "<"),
  Greater: punctuation("Greater", ">"),
  Comma: punctuation("Comma", ","),
  Colon: punctuation("Colon", ":"),
  ColonColon: punctuation("ColonColon", "::"),
  Equal: punctuation("Equal", "="),
  Arrow: punctuation("Arrow", "->"),
  Minus: punctuation("Minus", "-"),
  Plus: punctuation("Plus", "+"),
  Star: punctuation("Star", "*"),
  Question: punctuation("Question", "?"),
  Slash: punctuation("Slash", "/"),
  Bar: punctuation("Bar", "|"),
  Ellipsis: punctuation("Ellipsis", "..."),
  MetadataBegin: punctuation("MetadataBegin", "{-#"),
  MetadataEnd: punctuation("MetadataEnd", "#-}"),
  True: keyword("true"),
  False: keyword("false"),
  Unit: keyword("unit"),
  Loc: keyword("loc"),
  AffineMap: keyword("affine_map"),
  AffineSet: keyword("affine_set"),
  Array: keyword("array"),
  Dense: keyword("dense"),
  DenseResource: keyword("dense_resource"),
  Sparse: keyword("sparse"),
  Opaque: keyword("opaque"),
  Distinct: keyword("distinct"),
  Strided: keyword("strided"),
  Tensor: keyword("tensor"),
  MemRef: keyword("memref"),
  Vector: keyword("vector"),
  Complex: keyword("complex"),
  Tuple: keyword("tuple"),
  Index: keyword("index"),
  None: keyword("none"),
  EndOfFile: EOF,
} as const;

/** Token types by the number the scanner gives them. */
export const tokenTypes: readonly TokenType[] = Object.values(t);
/** The scanner's number of each token type. */
export const kindOf = Object.fromEntries(Object.keys(t).map((name, index) => [name, index])) as {
  readonly [K in keyof typeof t]: number;
};
/** The vocabulary chevrotain is given; it adds the end of the file itself. */
export const vocabulary: readonly TokenType[] = tokenTypes.filter((type) => type !== EOF);

/** Kinds of the words that are not plain identifiers. */
export const keywordKinds: ReadonlyMap<string, number> = new Map(
  (Object.entries(t) as [keyof typeof t, TokenType][])
    .filter(([, type]) => type.name.startsWith("keyword_"))
    .map(([name, type]) => [type.name.slice("keyword_".length), kindOf[name]]),
);
