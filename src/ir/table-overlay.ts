import { pageBits, pageMask, type Pages, slotCount } from "./module.ts";

type Page<T> = (T | undefined)[];

/** A table under edit: the pages below it until one of their slots is written, then a copy of that page. */
export class TableOverlay<T> {
  readonly #base: Pages<T>;
  /** The base's frozen pages, and the overlay's own where `#isOwn` says so. */
  readonly #pages: (readonly (T | undefined)[])[] = [];
  readonly #isOwn: boolean[] = [];
  /** Pages that differ from the base's. */
  readonly #changed = new Set<number>();
  #next: number;

  constructor(base: Pages<T>) {
    this.#base = base;
    this.#next = slotCount(base);
    // Element by element: V8 copies frozen arrays slowly otherwise.
    for (let number = 0; number < base.length; number++) {
      this.#pages.push(base[number]!);
      this.#isOwn.push(false);
    }
  }

  get(id: number): T | undefined {
    return this.#pages[id >> pageBits]?.[id & pageMask];
  }
  set(id: number, entity: T | undefined): void {
    const number = id >> pageBits;
    const page = (this.#isOwn[number] ? this.#pages[number]! : this.#own(number)) as Page<T>;
    const slot = id & pageMask;
    while (page.length < slot) page.push(undefined);
    page[slot] = entity;
  }
  /** One past the highest slot that was given out. */
  get size(): number {
    return this.#next;
  }
  reserve(): number {
    return this.#next++;
  }

  #own(number: number): Page<T> {
    while (this.#pages.length <= number) {
      this.#changed.add(this.#pages.length);
      this.#pages.push([]);
      this.#isOwn.push(true);
    }
    if (!this.#isOwn[number]) {
      const page: Page<T> = [];
      for (const entity of this.#pages[number]!) page.push(entity);
      this.#pages[number] = page;
      this.#isOwn[number] = true;
      this.#changed.add(number);
    }
    return this.#pages[number] as Page<T>;
  }

  /** The pages that differ from the base, by number, frozen; `seal` is called for each entity that is not the base's. */
  freeze(seal: (entity: T) => void): readonly (readonly [number: number, page: readonly (T | undefined)[]])[] {
    return [...this.#changed]
      .sort((left, right) => left - right)
      .map((number) => {
        const page = this.#pages[number]!;
        if (this.#isOwn[number]) {
          const below = this.#base[number];
          for (let slot = 0; slot < page.length; slot++) {
            const entity = page[slot];
            if (entity !== undefined && entity !== below?.[slot]) seal(entity);
          }
          Object.freeze(page);
          this.#isOwn[number] = false;
        }
        return [number, page] as const;
      });
  }
}
