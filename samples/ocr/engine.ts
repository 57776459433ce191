/** A dense float32 tensor in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One network, ready to run at one input shape. */
export interface Engine {
  /** Runs the network. Inputs are keyed by the network's input names; outputs come in the network's order. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<readonly Tensor[]>;
}

/** The name of the one input that each of the three networks has. */
export const inputName = "x";

/** The shape of a picture as a network's input: 1 x 3 x height x width. */
export type PictureShape = readonly [batch: 1, channels: 3, height: number, width: number];

/** The three networks, in the order of the stages. */
export const networkNames = ["detector", "classifier", "recogniser"] as const;
export type NetworkName = (typeof networkNames)[number];

/** Makes an engine for one network at one static input shape (Weft compiles for static shapes). */
export type EngineFactory = (network: NetworkName, inputShape: readonly number[]) => Promise<Engine>;

/** How long it took to make one engine. */
export interface Compilation {
  readonly network: NetworkName;
  readonly inputShape: readonly number[];
  readonly milliseconds: number;
}

/** Engines by network and shape: each is made once, on first use, and timed. */
export interface EngineStore {
  readonly get: EngineFactory;
  /** The engines made so far, in the order in which they became ready. */
  readonly compilations: readonly Compilation[];
}

/** An empty store that makes its engines with `factory`. */
export function createEngineStore(factory: EngineFactory): EngineStore {
  const engines = new Map<string, Promise<Engine>>();
  const compilations: Compilation[] = [];
  const make: EngineFactory = async (network, inputShape) => {
    const start = performance.now();
    const engine = await factory(network, inputShape);
    compilations.push({ network, inputShape, milliseconds: performance.now() - start });
    return engine;
  };
  return {
    compilations,
    get(network, inputShape) {
      const key = `${network} ${inputShape.join("x")}`;
      const known = engines.get(key);
      if (known) return known;
      const made = make(network, inputShape);
      engines.set(key, made);
      return made;
    },
  };
}
