/** Words that WGSL keeps for itself, now or later, and the names of its types and functions that generated code uses. */
const reserved: ReadonlySet<string> = new Set(
  (
    "alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let " +
    "loop override requires return struct switch true var while NULL Self abstract active alignas alignof as asm " +
    "asm_fragment async attribute auto await become binding_array cast catch class co_await co_return co_yield coherent " +
    "column_major common compile compile_fragment concept const_cast consteval constexpr constinit crate debugger decltype " +
    "delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external fallthrough filter final " +
    "finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof interface layout lowp " +
    "macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline nointerpolation " +
    "non_coherent noncoherent noperspective null nullptr of operator package packoffset partition pass patch pixelfragment " +
    "precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast require resource " +
    "restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super target template this " +
    "thread_local throw trait try type typedef typeid typename typeof union unless unorm unsafe unsized use using varying " +
    "virtual volatile wgsl where with writeonly yield " +
    "bool i32 u32 f32 f16 array atomic vec2 vec3 vec4 ptr main parameters workgroup_id local_id"
  ).split(" "),
);

/**
 * A WGSL identifier for any text: characters other than ASCII letters and digits become `_`, and 40 characters are kept.
 * Never empty, a word of the language, or with a leading underscore.
 */
export function wgslIdentifier(text: string): string {
  const safe = text
    .slice(0, 200)
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  if (safe === "") return "unnamed";
  return /^[0-9]/.test(safe) || reserved.has(safe) ? `x_${safe}` : safe;
}

/** Hands out names that differ from each other. */
export class NameTable {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }
  /** An identifier like `text` that was not handed out before. */
  unique(text: string): string {
    const wanted = wgslIdentifier(text);
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}_${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** Text inside a line comment: one line of printable ASCII. */
export function wgslCommentText(text: string, longest = 160): string {
  const safe = text.slice(0, longest + 1).replace(/[^\x20-\x7e]/g, "?");
  return (safe.length > longest ? `${safe.slice(0, longest - 3)}...` : safe).trimEnd();
}
