import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { toNumbers } from "../../../support/numeric/host-tensor.ts";
import { onlyElement } from "../convolve.ts";
import { lowering, type Lowered, type Lowering } from "../lowering.ts";
import { sameStructure, tensorsOf, withTensors } from "../structure.ts";
import { lowestOf } from "../element-types.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { branch, discarding } from "../tensor-control.ts";

/** What stands for the results of a branch that cannot be taken: NaN, or the lowest integers. */
const impossible = (t: TensorBuilder, like: readonly Lowered[]): readonly Tensor[] =>
  tensorsOf(like).map(({ element, shape }) =>
    t.filled(element.kind === "float" ? Number.NaN : lowestOf(element), element, shape),
  );

export const controlFlowRules: readonly Lowering[] = [
  lowering(onnx.If, (view) => {
    const { t, regions } = view;
    const { cond } = view.inputs;
    if (cond.size !== 1) view.invalid(`a condition of ${cond.size} elements`);
    if (cond.constant) return (toNumbers(cond.constant)[0] !== 0 ? regions.then_branch : regions.else_branch).run([]);
    const branches = [regions.then_branch, regions.else_branch];
    const [whenTrue, whenFalse] = branches.map((branch) => discarding(t, () => branch.attempt([])));
    if (whenTrue && whenFalse && !sameStructure(whenTrue, whenFalse))
      view.unsupported("its branches give different shapes or types, and which is taken is known only at run time");
    const like = whenTrue ?? whenFalse ?? branches.flatMap((branch) => branch.run([]));
    if (!whenTrue || !whenFalse)
      view.warn(
        `the branch for a ${whenTrue ? "false" : "true"} condition does not fit these shapes; if it is taken all the same, results are NaN`,
      );
    const tensors = branch(
      t,
      onlyElement(t, cond),
      () => (whenTrue ? tensorsOf(regions.then_branch.run([])) : impossible(t, like)),
      () => (whenFalse ? tensorsOf(regions.else_branch.run([])) : impossible(t, like)),
    );
    return withTensors(like, tensors);
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
