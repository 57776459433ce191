import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { axisOf, lowering, type Lowering, type LoweredRegion, type LoweringView } from "../lowering.ts";
import type { Scalar } from "../scalar-builder.ts";
import { allKnown, sameStructure } from "../structure.ts";
import type { Tensor } from "../tensor.ts";
import { discarding, loop } from "../tensor-control.ts";

/** Scans of up to this many steps are written out. */
const unrollLimit = 4;

/** Scans that cannot be loops of the target are written out up to this many steps. */
const reluctantUnrollLimit = 128;

/** How one scanned operand or result meets the steps. */
interface Scanned {
  readonly axis: number;
  readonly backward: boolean;
}

interface ScanSpec {
  readonly view: Pick<LoweringView, "t" | "invalid" | "unsupported">;
  readonly body: LoweredRegion;
  readonly steps: number;
  readonly initial: readonly Tensor[];
  readonly inputs: readonly (Scanned & { readonly tensor: Tensor })[];
  /** For results the axis is resolved once their rank is known. */
  readonly outputs: readonly Scanned[];
}

/** Where step `position` stands along an axis. */
function placeOf(spec: ScanSpec, position: number | Scalar, backward: boolean): number | Scalar {
  if (!backward) return position;
  if (typeof position === "number") return spec.steps - 1 - position;
  const s = spec.view.t.scalars;
  return s.sub(s.index(spec.steps - 1), position);
}

/** The body's results for one step: states, then what is collected. */
function step(
  spec: ScanSpec,
  position: number | Scalar,
  states: readonly Tensor[],
  run: LoweredRegion["attempt"] = spec.body.run,
): readonly Tensor[] | undefined {
  const { t } = spec.view;
  const elements = spec.inputs.map(({ tensor, axis, backward }) =>
    t.elementAt(tensor, axis, placeOf(spec, position, backward)),
  );
  const results = run([...states, ...elements])?.map((value) =>
    value.kind === "tensor" ? value : spec.view.invalid("its body returns something that is no tensor"),
  );
  if (results && results.length < states.length)
    spec.view.invalid("its body returns fewer values than there are states");
  return results;
}

/** The axis of a collected result of which `part` is one element. */
const outputAxis = (spec: ScanSpec, { axis }: Scanned, part: Tensor): number => axisOf(spec.view, axis, part.rank + 1);

function unrolled(spec: ScanSpec): readonly Tensor[] {
  const { t } = spec.view;
  let states = spec.initial;
  const collected = spec.outputs.map((): Tensor[] => []);
  for (let position = 0; position < spec.steps; position++) {
    const results = step(spec, position, states)!;
    states = results.slice(0, states.length);
    results.slice(states.length).forEach((part, index) => collected[index]?.push(part));
  }
  return [
    ...states,
    ...spec.outputs.map((output, index) => {
      const parts = collected[index]!;
      if (!parts.every((part) => sameStructure([part], [parts[0]])))
        spec.view.invalid("a scan output changes its shape or type");
      return t.stack(output.backward ? parts.toReversed() : parts, outputAxis(spec, output, parts[0]!));
    }),
  ];
}

/** What one step gives for states and elements of which only the types are known. */
function probe(spec: ScanSpec): readonly Tensor[] | undefined {
  const { t } = spec.view;
  return discarding(t, () => {
    const states = spec.initial.map((state) => t.unknown(state.shape, state.element));
    const elements = spec.inputs.map(({ tensor, axis }) => t.unknown(tensor.shape.toSpliced(axis, 1), tensor.element));
    return step({ ...spec, inputs: [] }, 0, [...states, ...elements], spec.body.attempt);
  });
}

/** Whether everything is known, so that the steps leave nothing to do at run time. */
function isKnown(spec: ScanSpec): boolean {
  if (!allKnown([...spec.initial, ...spec.inputs.map(({ tensor }) => tensor)])) return false;
  const results = discarding(spec.view.t, () => step(spec, 0, spec.initial, spec.body.attempt));
  return results !== undefined && allKnown(results);
}

function looped(spec: ScanSpec, shapes: readonly Tensor[]): readonly Tensor[] {
  const { t } = spec.view;
  const parts = shapes.slice(spec.initial.length);
  const axes = spec.outputs.map((output, index) => outputAxis(spec, output, parts[index]!));
  const collected = axes.map((axis, index) => {
    const part = parts[index]!;
    return t.unknown(part.shape.toSpliced(axis, 0, spec.steps), part.element);
  });
  return loop(t, spec.steps, [...spec.initial, ...collected], (position, carried) => {
    const results = step(spec, position, carried.slice(0, spec.initial.length))!;
    const all = carried.slice(spec.initial.length);
    return [
      ...results.slice(0, spec.initial.length),
      ...spec.outputs.map((output, index) => {
        const part = results[spec.initial.length + index]!;
        const place = placeOf(spec, position, output.backward) as Scalar;
        return t.insertAt(all[index]!, t.reshape(part, part.shape.toSpliced(axes[index]!, 0, 1)), axes[index]!, place);
      }),
    ];
  });
}

export const subgraphScanRules: readonly Lowering[] = [
  lowering(onnx.Scan, (view) => {
    const { t, invalid, unsupported, attributes } = view;
    const operands = view.inputs.initial_state_and_scan_inputs;
    const count = attributes.num_scan_inputs;
    const stateCount = operands.length - count;
    if (count < 1 || stateCount < 0) view.invalid(`${count} scan inputs of ${operands.length} operands`);
    const inputs = operands.slice(stateCount).map((tensor, index) => ({
      tensor,
      axis: axisOf(view, attributes.scan_input_axes?.[index] ?? 0, tensor.rank),
      backward: (attributes.scan_input_directions?.[index] ?? 0) !== 0,
    }));
    const lengths = inputs.map(({ tensor, axis }) => tensor.shape[axis] ?? view.invalid("a scan input is a scalar"));
    if (lengths.some((length) => length !== lengths[0]))
      view.invalid(`scan inputs have lengths ${lengths.join(" and ")}`);
    const outputs = Array.from({ length: view.resultCount - stateCount }, (_, index) => ({
      axis: attributes.scan_output_axes?.[index] ?? 0,
      backward: (attributes.scan_output_directions?.[index] ?? 0) !== 0,
    }));
    const spec: ScanSpec = {
      view: { t, invalid, unsupported },
      body: view.regions.body,
      steps: lengths[0]!,
      initial: operands.slice(0, stateCount),
      inputs,
      outputs,
    };
    if (spec.steps > 0 && (spec.steps <= unrollLimit || isKnown(spec))) return unrolled(spec);
    const shapes = probe(spec);
    if (shapes && sameStructure(shapes.slice(0, stateCount), spec.initial)) return looped(spec, shapes);
    if (spec.steps > reluctantUnrollLimit || spec.steps === 0)
      return unsupported("a state changes its shape or type, or its body needs to know more than types");
    return unrolled(spec);
  }),
];
