import { layoutEntries, layoutEntry } from "./data-layout.ts";
import { anyQuantized, calibrated, uniformQuantized } from "./quant.ts";
import { llvmArray, llvmFunction, llvmPointer, llvmStruct } from "./llvm.ts";
import type { Body } from "./reader.ts";
import { spaced } from "./spacing.ts";
import { sparseEncoding } from "./sparse-tensor.ts";
import { spirvTargetEnvironment, spirvType } from "./spirv.ts";
import { flags, optionalStruct, struct } from "./structs.ts";

/**
 * The dialects that upstream reads the attributes and types of. What those of other dialects have in them is text to upstream,
 * which keeps it as it was written.
 */
const readDialects: ReadonlySet<string> = new Set(
  (
    "acc affine amdgpu amx arith arm_neon arm_sme arm_sve async bufferization builtin cf complex dlti emitc func gpu index irdl " +
    "linalg llvm math memref ml_program mpi nvgpu nvvm omp pdl pdl_interp ptr quant rocdl scf shape shard smt sparse_tensor " +
    "spirv tensor test test_dyn test_irdl_to_cpp tosa transform ub vcix vector wasmssa weft x86vector xegpu xevm"
  ).split(" "),
);
/** Whether names in the body of a dialect's attribute or type stand for aliases. */
export const isReadDialect = (dialect: string): boolean => readDialects.has(dialect);

const fastMath = ["none", "reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "fast"];

/** Bodies with a syntax of their own, by what stands before the angle bracket. */
const bodies: ReadonlyMap<string, Body> = new Map<string, Body>([
  ["#arith.fastmath", flags(",", ...fastMath)],
  ["#llvm.fastmath", flags(", ", ...fastMath)],
  ["#arith.overflow", flags(", ", "none", "nsw", "nuw")],
  ["#llvm.overflow", flags(", ", "none", "nsw", "nuw")],
  ["#dlti.dl_entry", layoutEntry],
  ["#dlti.dl_spec", layoutEntries],
  ["#dlti.map", layoutEntries],
  ["#dlti.target_device_spec", layoutEntries],
  ["#dlti.target_system_spec", layoutEntries],
  ["#sparse_tensor.encoding", sparseEncoding],
  ["!quant.any", anyQuantized],
  ["!quant.calibrated", calibrated],
  ["!quant.uniform", uniformQuantized],
  ["!llvm.array", llvmArray],
  ["!llvm.func", llvmFunction],
  ["!llvm.ptr", llvmPointer],
  ["!llvm.struct", llvmStruct],
  // The cases of `#acc<data_clause_modifier zero,readonly>` are written without spaces.
  ["#acc", (reader) => spaced(reader).replaceAll(", ", ",")],
  ["#spirv.target_env", spirvTargetEnvironment],
  [
    "#spirv.coop_matrix_props_khr",
    struct("m_size; n_size; k_size; a_type; b_type; c_type; result_type; acc_sat; scope*"),
  ],
  ["#spirv.coop_matrix_props_nv", struct("m_size; n_size; k_size; a_type; b_type; c_type; result_type; scope*")],
  ["#spirv.linkage_attributes", struct("linkage_name; linkage_type*")],
  [
    "#nvvm.target",
    optionalStruct(
      'O = 2; triple = "nvptx64-nvidia-cuda"; chip = "sm_50"; features = ""; flags?; link?; verifyTarget = true',
    ),
  ],
  [
    "#rocdl.target",
    optionalStruct('O = 2; triple = "amdgcn-amd-amdhsa"; chip = "gfx900"; features = ""; abi = "600"; flags?; link?'),
  ],
  ["#xevm.target", optionalStruct('O = 2; triple = "spirv64-unknown-unknown"; chip = "bmg"; flags?; linkFiles?')],
  ["!nvgpu.mbarrier.group", struct("memorySpace; num_barriers = 1")],
  ["!nvgpu.tensormap.descriptor", struct("tensor; swizzle; l2promo; oob; interleave")],
  ["#acc.declare", struct("dataClause*; implicit = false")],
  ["#acc.declare_action", struct("preAlloc?; postAlloc?; preDealloc?; postDealloc?")],
  ["#gpu.loop_dim_map", struct("processor; map; bound")],
  ["#llvm.dereferenceable", struct("bytes; mayBeNull = false")],
  ["#llvm.tbaa_tag", struct("base_type; access_type; offset; constant = false")],
  ["#llvm.vec_type_hint", struct("hint; is_signed = false")],
  ["#llvm.vscale_range", struct("minRange; maxRange")],
  ["#nvvm.shape", struct("m; n; k")],
  ["#omp.declaretarget", struct("device_type?; capture_clause?; automap?")],
  [
    "#omp.flags",
    struct(
      "debug_kind = 0; assume_teams_oversubscription = false; assume_threads_oversubscription = false; " +
        "assume_no_thread_state = false; assume_no_nested_parallelism = false; no_gpu_lib = false; openmp_device_version = 50",
    ),
  ],
  ["#ptr.spec", struct("size; abi; preferred; index?")],
  ["#spirv.entry_point_abi", struct("workgroup_size?; subgroup_size?; target_width?")],
  [
    "#spirv.resource_limits",
    struct(
      "max_compute_shared_memory_size = 16384; max_compute_workgroup_invocations = 128; " +
        "max_compute_workgroup_size = [128 : i32, 128 : i32, 64 : i32]; subgroup_size = 32; min_subgroup_size?; max_subgroup_size?; " +
        "cooperative_matrix_properties_khr = []; cooperative_matrix_properties_nv = []",
    ),
  ],
  ["#xegpu.layout", struct("sg_layout?; sg_data?; inst_data?; lane_layout?; lane_data?; order?")],
]);

/** Dialects whose printers leave spaces in ways of their own. */
const irregular: ReadonlySet<string> = new Set(["test", "test_dyn", "weft"]);

/** How the body after `#dialect.name` or `!dialect.name` is read; undefined where it is kept as it was written. */
export function bodyOf(name: string): Body | undefined {
  const dialect = name.slice(1, name.includes(".") ? name.indexOf(".") : undefined);
  if (name.startsWith("!spirv.")) return spirvType;
  return bodies.get(name) ?? (irregular.has(dialect) ? undefined : spaced);
}
