import { gpu } from "../../../ir/dialects/index.ts";
import type { Dimension } from "../../../ir/dialects/gpu/attributes.ts";
import { arithmetic, atom, call, type Expression } from "../expression.ts";
import { integerLiteral } from "../literals.ts";
import { type BuiltIn, expressionRule, type PrintingRule, type Scope, statementRule } from "../scope.ts";

const order: Readonly<Record<Dimension, 0 | 1 | 2>> = { x: 0, y: 1, z: 2 };

/** One coordinate of a built-in vector, as an index. */
const coordinate = (scope: Scope, name: BuiltIn, dimension: Dimension): Expression =>
  call("i32", atom(`${scope.builtIn(name).text}.${dimension}`));

const uniformReductions: Readonly<Record<string, string>> = {
  add: "subgroupAdd",
  mul: "subgroupMul",
  minsi: "subgroupMin",
  maxsi: "subgroupMax",
  minnumf: "subgroupMin",
  maxnumf: "subgroupMax",
  minimumf: "subgroupMin",
  maximumf: "subgroupMax",
  and: "subgroupAnd",
  or: "subgroupOr",
  xor: "subgroupXor",
};

/** Operations of the `gpu` dialect that kernels hold. */
export const gpuRules: readonly PrintingRule[] = [
  expressionRule(gpu.block_id, ({ attributes }, scope) => coordinate(scope, "workgroup_id", attributes.dimension)),
  expressionRule(gpu.thread_id, ({ attributes }, scope) =>
    scope.workgroupSize[order[attributes.dimension]] === 1
      ? integerLiteral(0)
      : coordinate(scope, "local_invocation_id", attributes.dimension),
  ),
  expressionRule(gpu.block_dim, ({ attributes }, scope) =>
    integerLiteral(scope.workgroupSize[order[attributes.dimension]]),
  ),
  expressionRule(gpu.grid_dim, ({ attributes }, scope) => coordinate(scope, "num_workgroups", attributes.dimension)),
  expressionRule(gpu.global_id, ({ attributes: { dimension } }, scope) => {
    const size = scope.workgroupSize[order[dimension]];
    const block = coordinate(scope, "workgroup_id", dimension);
    if (size === 1) return block;
    return arithmetic(
      arithmetic(block, "*", integerLiteral(size)),
      "+",
      coordinate(scope, "local_invocation_id", dimension),
    );
  }),
  expressionRule(gpu.lane_id, (_, scope) => call("i32", scope.builtIn("subgroup_invocation_id"))),
  expressionRule(gpu.subgroup_size, (_, scope) => call("i32", scope.builtIn("subgroup_size"))),
  statementRule(gpu.barrier, (_, scope) => {
    scope.settle();
    // The barrier of the IR orders storage as well as workgroup memory; each of WGSL's waits for the whole workgroup.
    if (scope.readsItsStorage) scope.line("storageBarrier();");
    scope.line("workgroupBarrier();");
  }),
  expressionRule(gpu.subgroup_reduce, ({ op, operands, attributes }, scope) => {
    const name = uniformReductions[attributes.op];
    if (name === undefined || attributes.cluster_size !== undefined)
      return scope.reject(op, `WGSL has no reduction of kind ${attributes.op} in clusters of a subgroup`);
    scope.enable("subgroups");
    return call(name, scope.use(operands.value));
  }),
];
