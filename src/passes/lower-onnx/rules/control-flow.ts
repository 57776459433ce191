import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { toNumbers } from "../../../support/numeric/host-tensor.ts";
import { onlyElement } from "../convolve.ts";
import { lowering, type Lowered, type Lowering } from "../lowering.ts";
import { sameStructure, tensorsOf, withTensors } from "../structure.ts";

export const controlFlowRules: readonly Lowering[] = [
  lowering(onnx.If, (view) => {
    const { t, regions } = view;
    const { cond } = view.inputs;
    if (cond.size !== 1) view.invalid(`a condition of ${cond.size} elements`);
    if (cond.constant) return (toNumbers(cond.constant)[0] !== 0 ? regions.then_branch : regions.else_branch).run([]);
    let chosen: readonly Lowered[] = [];
    const tensors = t.branch(
      onlyElement(t, cond),
      () => tensorsOf((chosen = regions.then_branch.run([]))),
      () => {
        const other = regions.else_branch.run([]);
        if (!sameStructure(chosen, other))
          view.unsupported("its branches give different shapes or types, and which is taken is known only at run time");
        return tensorsOf(other);
      },
    );
    return withTensors(chosen, tensors);
  }),
  lowering(onnx.SequenceMap, (view) => {
    const { input_sequence, additional_inputs } = view.values;
    if (input_sequence.kind !== "sequence") return view.invalid("its first operand is no sequence");
    const rows = input_sequence.elements.map((element, index) =>
      view.regions.body.run([
        element,
        ...additional_inputs.map((input) => {
          if (input.kind !== "sequence") return input;
          return input.elements[index] ?? view.invalid(`a sequence has no element ${index}`);
        }),
      ]),
    );
    return Array.from({ length: view.resultCount }, (_, result) => ({
      kind: "sequence",
      elements: rows.map((row) => row[result] ?? view.invalid(`its body has no result ${result}`)),
    }));
  }),
];
