import { dialect } from "../../define.ts";
import { controlFlowOperations } from "./control-flow.ts";
import { convolutionOperations } from "./convolution.ts";
import { elementwiseOperations } from "./elementwise.ts";
import { layoutOperations } from "./layout.ts";
import { linearAlgebraOperations } from "./linear-algebra.ts";
import { reductionOperations } from "./reduction.ts";
import { shapeOperations } from "./shape.ts";
import { variableOperations } from "./variables.ts";

/** The Tensor Operator Set Architecture: whole-tensor operations of neural networks, as upstream MLIR declares them. */
export const tosa = dialect("tosa", "tensor operations of neural networks, with exactly specified results", {
  ...elementwiseOperations,
  ...reductionOperations,
  ...layoutOperations,
  ...convolutionOperations,
  ...linearAlgebraOperations,
  ...shapeOperations,
  ...controlFlowOperations,
  ...variableOperations,
});
