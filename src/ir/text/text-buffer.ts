const firstSize = 1 << 14;
const largestSize = 1 << 19;
const decoder = new TextDecoder();

/** Collects a text of many small pieces: ASCII in one array of bytes, which becomes a string every half megabyte. */
export class TextBuffer {
  /** What is no longer in the array, in order. */
  readonly #parts: string[] = [];
  #partsLength = 0;
  #bytes = new Uint8Array(firstSize);
  #count = 0;

  /** In UTF-16 code units. */
  get length(): number {
    return this.#partsLength + this.#count;
  }

  write(text: string): void {
    const { length } = text;
    const start = this.#count;
    if (start + length > this.#bytes.length && !this.#makeRoom(length)) return this.#append(text);
    const bytes = this.#bytes;
    const first = this.#count;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        this.#flush();
        return this.#append(text);
      }
      bytes[first + index] = code;
    }
    this.#count = first + length;
  }

  /** Takes back all but the first `length` code units. */
  truncate(length: number): void {
    if (length < this.#partsLength) this.takeFrom(length);
    else this.#count = length - this.#partsLength;
  }

  /** Takes back what was written behind the first `length` code units, and returns it. */
  takeFrom(length: number): string {
    this.#flush();
    let text = "";
    while (this.#partsLength > length) {
      const last = this.#parts.pop()!;
      this.#partsLength -= last.length;
      text = last + text;
    }
    const kept = length - this.#partsLength;
    if (kept > 0) this.#append(text.slice(0, kept));
    return text.slice(kept);
  }

  /** The whole text. */
  finish(): string {
    this.#flush();
    return this.#parts.join("");
  }

  /** Whether there is room for so many bytes now. */
  #makeRoom(length: number): boolean {
    const size = this.#bytes.length;
    if (size < largestSize) {
      const larger = new Uint8Array(Math.min(largestSize, Math.max(2 * size, this.#count + length)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (this.#count + length > this.#bytes.length) this.#flush();
    return length <= this.#bytes.length;
  }
  #flush(): void {
    if (this.#count > 0) this.#append(decoder.decode(this.#bytes.subarray(0, this.#count)));
    this.#count = 0;
  }
  #append(text: string): void {
    this.#parts.push(text);
    this.#partsLength += text.length;
  }
}
