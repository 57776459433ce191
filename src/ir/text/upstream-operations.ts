// Written by scripts/generate-upstream-operations.ts from upstream's declarations and mlir-opt's answers. Do not edit.

/** Inherent attributes of operations that upstream registers, those with a default with it: `op op …: name; name = default`; `!name` is set as a property alone. */
export const upstreamOperations = `
acc.atomic.read: element_type
acc.attach: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_attach>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.bounds: operandSegmentSizes; strideInBytes = false
acc.cache: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_cache>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.copyin: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_copyin>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.copyout: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_copyout>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; structured = true; varType
acc.create: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_create>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.data: asyncOnly; asyncOperandsDeviceType; defaultAttr; hasWaitDevnum; operandSegmentSizes; waitOnly; waitOperandsDeviceType; waitOperandsSegments
acc.declare_device_resident: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_declare_device_resident>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.declare_exit amdgpu.make_dma_base amdgpu.make_gather_dma_base amx.tile_load amx.tile_store async.execute bufferization.dealloc gpu.create_dn_tensor nvgpu.tma.async.load nvgpu.tma.async.store nvvm.cp.async.bulk.global.shared.cta nvvm.cp.async.bulk.shared.cluster.global omp.scan omp.target_data omp.tile pdl.replace test.attr_sized_operands test.destination_style_op test.format_custom_directive_operands test.format_custom_directive_operands_and_types test.format_infer_type_variadic_operands test.format_multiple_variadic_operands test.format_optional_operand_result_a_op test.format_optional_operand_result_b_op test.format_two_variadic_operands_no_buildable_type_op test.internal_br test.linalg_conv_op test.linalg_fill_op test.oilist_variadic_with_parens test.oilist_with_simple_args test.producing_br test.tblgen_build_6 test.variadic_rewrite_dst_op test.variadic_rewrite_src_op: operandSegmentSizes
acc.declare_link: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_declare_link>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.delete: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_delete>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; structured = true
acc.detach: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_detach>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; structured = true
acc.deviceptr: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_deviceptr>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.enter_data: async; operandSegmentSizes; wait
acc.exit_data: async; finalize; operandSegmentSizes; wait
acc.firstprivate acc.firstprivate_map: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_firstprivate>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.firstprivate.recipe acc.private.recipe omp.declare_mapper: sym_name; type
acc.getdeviceptr: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_getdeviceptr>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.global_ctor acc.global_dtor emitc.declare_func irdl.attribute irdl.dialect irdl.operation irdl.type llvm.comdat test.overridden_symbol_visibility: sym_name
acc.host_data: ifPresent; operandSegmentSizes
acc.init acc.shutdown: device_types; operandSegmentSizes
acc.kernel_environment: asyncOnly; asyncOperandsDeviceType; hasWaitDevnum; operandSegmentSizes; waitOnly; waitOperandsDeviceType; waitOperandsSegments
acc.kernels acc.parallel: asyncOnly; asyncOperandsDeviceType; combined; defaultAttr; hasWaitDevnum; numGangsDeviceType; numGangsSegments; numWorkersDeviceType; operandSegmentSizes; selfAttr; vectorLengthDeviceType; waitOnly; waitOperandsDeviceType; waitOperandsSegments
acc.loop: auto_; collapse; collapseDeviceType; combined; gang; gangOperandsArgType; gangOperandsDeviceType; gangOperandsSegments; inclusiveUpperbound; independent; operandSegmentSizes; seq; tileOperandsDeviceType; tileOperandsSegments; unstructured; vector; vectorOperandsDeviceType; worker; workerNumOperandsDeviceType
acc.nocreate: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_no_create>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.present: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_present>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.private: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_private>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.reduction.recipe: reductionOperator; sym_name; type
acc.reduction: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_reduction>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.routine: bindIdName; bindIdNameDeviceType; bindStrName; bindStrNameDeviceType; func_name; gang; gangDim; gangDimDeviceType; implicit; nohost; seq; sym_name; vector; worker
acc.serial: asyncOnly; asyncOperandsDeviceType; combined; defaultAttr; hasWaitDevnum; operandSegmentSizes; selfAttr; waitOnly; waitOperandsDeviceType; waitOperandsSegments
acc.set: device_type; operandSegmentSizes
acc.update: asyncOnly; asyncOperandsDeviceType; hasWaitDevnum; ifPresent; operandSegmentSizes; waitOnly; waitOperandsDeviceType; waitOperandsSegments
acc.update_device: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_update_device>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.update_host: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_update_host>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; structured = true; varType
acc.use_device: asyncOnly; asyncOperandsDeviceType; dataClause = #acc<data_clause acc_use_device>; implicit = false; modifiers = #acc<data_clause_modifier none>; name; operandSegmentSizes; recipe; structured = true; varType
acc.wait: async; operandSegmentSizes
amdgpu.dpp: bank_mask = 15 : i32; bound_ctrl = false; kind; permArgument; row_mask = 15 : i32
amdgpu.ext_packed_fp8 amdgpu.packed_scaled_trunc amdgpu.scaled_ext_packed pdl.result pdl.results pdl_interp.extract pdl_interp.get_operand pdl_interp.get_operands pdl_interp.get_result pdl_interp.get_results test.get_tuple_element: index
amdgpu.fat_raw_buffer_cast: boundsCheck = true; operandSegmentSizes; resetOffset
amdgpu.gather_to_lds: operandSegmentSizes; transferType
amdgpu.make_dma_descriptor amdgpu.make_gather_dma_descriptor: global_static_sizes; global_static_strides; operandSegmentSizes; shared_static_sizes
amdgpu.memory_counter_wait: ds; exp; load; store; tensor
amdgpu.mfma: abid = 0 : i32; blgp = #amdgpu<mfma_perm_b none>; blocks = 1 : i32; cbsz = 0 : i32; k; m; n; negateA; negateB; negateC; reducePrecision
amdgpu.packed_stoch_round_fp8: storeIndex
amdgpu.packed_trunc_2xfp8: operandSegmentSizes; wordIndex
amdgpu.permlane_swap: bound_ctrl = false; fetch_inactive = false; row_length
amdgpu.raw_buffer_atomic_cmpswap amdgpu.raw_buffer_atomic_fadd amdgpu.raw_buffer_atomic_fmax amdgpu.raw_buffer_atomic_smax amdgpu.raw_buffer_atomic_umin amdgpu.raw_buffer_load amdgpu.raw_buffer_store: boundsCheck = true; indexOffset; operandSegmentSizes
amdgpu.scaled_ext_packed_matrix: blockSize; firstScaleByte; firstScaleLane
amdgpu.scaled_mfma: k; m; n; scalesIdxA; scalesIdxB
amdgpu.scaled_wmma: a_first_scale_lane; b_first_scale_lane; k; m; n
amdgpu.sched_barrier: opts
amdgpu.sparse_mfma: abid = 0 : i32; cbsz = 0 : i32; k; m; n
amdgpu.swizzle_bitmode: and_mask; or_mask; xor_mask
amdgpu.wmma: clamp; k; m; n; subwordOffset = 0 : i32; unsignedA; unsignedB
amx.tile_muli: isZextLhs; isZextRhs
arm_sve.dupq_lane arm_sve.intr.dupq_lane: lane
async.call emitc.call spirv.FunctionCall test.call_on_device test.conversion_call_op: arg_attrs; callee; res_attrs
async.func ml_program.func ml_program.subgraph shape.func test.conversion_func_op transform.named_sequence: arg_attrs; function_type; res_attrs; sym_name; sym_visibility
async.runtime.add_ref async.runtime.drop_ref rocdl.s.nop rocdl.s.sleep rocdl.s.wait.asynccnt rocdl.s.wait.dscnt rocdl.s.wait.expcnt rocdl.s.wait.loadcnt rocdl.s.wait.storecnt rocdl.s.wait.tensorcnt smt.pop smt.push test.mixed_variadic_in3 test.mixed_variadic_out3: count
bufferization.alloc_tensor: memory_space; operandSegmentSizes
bufferization.materialize_in_destination bufferization.to_tensor: restrict; writable
bufferization.to_buffer: read_only
complex.abs complex.add complex.angle complex.atan2 complex.conj complex.cos complex.div complex.exp complex.expm1 complex.im complex.log complex.log1p complex.mul complex.neg complex.pow complex.re complex.rsqrt complex.sign complex.sin complex.sqrt complex.sub complex.tan complex.tanh: fastmath = #arith.fastmath<none>
complex.constant emitc.constant emitc.literal emitc.variable emitc.verbatim index.bool.constant index.constant llvm.mlir.constant pdl.attribute pdl_interp.create_attribute pdl_interp.create_type pdl_interp.create_types ptr.constant shape.const_size smt.constant spirv.Constant spirv.EXT.ConstantCompositeReplicate test.constant test.format_types_match_attr test.no_str_value test.op_s transform.param.constant ub.poison wasmssa.const: value
complex.powi: fastmath
emitc.apply: applicableOperator
emitc.call_opaque: args; callee; template_args
emitc.class: final_specifier; sym_name
emitc.cmp llvm.icmp transform.match.param.cmpi: predicate
emitc.expression: do_not_inline
emitc.field: initial_value; sym_name; type
emitc.file rocdl.s.barrier.leave rocdl.s.barrier.signal rocdl.s.barrier.signal.isfirst rocdl.s.barrier.wait rocdl.s.get.barrier.state: id
emitc.func: arg_attrs; function_type; res_attrs; specifiers; sym_name
emitc.get_field: field_name
emitc.get_global omp.critical pdl.apply_native_rewrite pdl_interp.apply_rewrite pdl_interp.check_operation_name pdl_interp.get_attribute test.parse_custom_operation_name_api transform.annotate: name
emitc.global: const_specifier; extern_specifier; initial_value; static_specifier; sym_name; type
emitc.include: include; is_standard_include
emitc.member emitc.member_of_ptr: member
emitc.switch test.switch_with_no_break: cases
gpu.all_reduce: op; uniform
gpu.alloc: hostShared; operandSegmentSizes
gpu.binary: objects; offloadingHandler; sym_name
gpu.block_dim gpu.block_id gpu.cluster_block_id gpu.cluster_dim gpu.cluster_dim_blocks gpu.cluster_id gpu.global_id gpu.grid_dim gpu.thread_id: dimension; upper_bound
gpu.create_2to4_spmat: pruneFlag = #gpu<prune_2to4_spmat_flag PRUNE_AND_CHECK>
gpu.func: arg_attrs; function_type; known_block_size; known_cluster_size; known_grid_size; private_attrib_attrs; res_attrs; workgroup_attrib_attrs
gpu.lane_id gpu.num_subgroups gpu.subgroup_id gpu.subgroup_size: upper_bound
gpu.launch: function; module; operandSegmentSizes
gpu.launch_func: kernel; operandSegmentSizes
gpu.module: offloadingHandler; sym_name; targets
gpu.printf spirv.SDot spirv.SDotAccSat spirv.SUDot spirv.SUDotAccSat spirv.UDot spirv.UDotAccSat: format
gpu.rotate: offset; width
gpu.sddmm gpu.sddmm_buffer_size gpu.spgemm_copy: computeType; modeA = #gpu<mat_transpose_mode NON_TRANSPOSE>; modeB = #gpu<mat_transpose_mode NON_TRANSPOSE>
gpu.shuffle nvvm.prmt: mode
gpu.spgemm_work_estimation_or_compute: computeType; kind; modeA = #gpu<mat_transpose_mode NON_TRANSPOSE>; modeB = #gpu<mat_transpose_mode NON_TRANSPOSE>
gpu.spmm: computeType; modeA = #gpu<mat_transpose_mode NON_TRANSPOSE>; modeB = #gpu<mat_transpose_mode NON_TRANSPOSE>; operandSegmentSizes
gpu.spmm_buffer_size: computeType; modeA = #gpu<mat_transpose_mode NON_TRANSPOSE>; modeB = #gpu<mat_transpose_mode NON_TRANSPOSE>; resultSegmentSizes
gpu.spmv gpu.spmv_buffer_size: computeType; modeA = #gpu<mat_transpose_mode NON_TRANSPOSE>
gpu.subgroup_broadcast: broadcast_type
gpu.subgroup_mma_compute: a_transpose; b_transpose
gpu.subgroup_mma_elementwise: opType
gpu.subgroup_mma_load_matrix gpu.subgroup_mma_store_matrix: leadDimension; transpose
gpu.subgroup_reduce: cluster_size; cluster_stride = 1 : i32; op; uniform
gpu.warp_execute_on_lane_0: warp_size
index.cmp irdl.c_pred: pred
irdl.attributes: attributeValueNames
irdl.base: base_name; base_ref
irdl.is: expected
irdl.operands irdl.results: names; variadicity
irdl.parameters irdl.regions test.custom_result_name test.string_attr_pretty_name: names
irdl.parametric: base_type
irdl.region: constrainedArguments; numberOfBlocks
llvm.add llvm.mul llvm.shl llvm.sub llvm.trunc: !overflowFlags = 0 : i32
llvm.alloca: alignment; elem_type; inalloca
llvm.ashr llvm.lshr llvm.sdiv llvm.udiv: isExact
llvm.atomicrmw: access_groups; alias_scopes; alignment; bin_op; noalias_scopes; ordering; syncscope; tbaa; volatile_
llvm.blockaddress: block_addr
llvm.blocktag test.source_op: tag
llvm.br: loop_annotation
llvm.call: CConv = #llvm.cconv<ccc>; TailCallKind = #llvm.tailcallkind<none>; access_groups; alias_scopes; always_inline; arg_attrs; callee; convergent; fastmathFlags = #llvm.fastmath<none>; inline_hint; memory_effects; no_inline; no_unwind; noalias_scopes; op_bundle_sizes; op_bundle_tags; operandSegmentSizes; res_attrs; tbaa; var_callee_type; will_return
llvm.call_intrinsic: arg_attrs; fastmathFlags = #llvm.fastmath<none>; intrin; op_bundle_sizes; op_bundle_tags; operandSegmentSizes; res_attrs
llvm.cmpxchg: access_groups; alias_scopes; alignment; failure_ordering; noalias_scopes; success_ordering; syncscope; tbaa; volatile_; weak
llvm.comdat_selector: comdat; sym_name
llvm.cond_br: branch_weights; loop_annotation; operandSegmentSizes
llvm.dso_local_equivalent transform.func.deduplicate_func_args: function_name
llvm.extractvalue llvm.insertvalue: position
llvm.fadd llvm.fdiv llvm.fmul llvm.fneg llvm.frem llvm.fsub llvm.intr.acos llvm.intr.asin llvm.intr.atan llvm.intr.atan2 llvm.intr.ceil llvm.intr.copysign llvm.intr.cos llvm.intr.cosh llvm.intr.exp llvm.intr.exp10 llvm.intr.exp2 llvm.intr.fabs llvm.intr.floor llvm.intr.fma llvm.intr.fmuladd llvm.intr.frexp llvm.intr.ldexp llvm.intr.log llvm.intr.log10 llvm.intr.log2 llvm.intr.maximum llvm.intr.maxnum llvm.intr.minimum llvm.intr.minnum llvm.intr.nearbyint llvm.intr.pow llvm.intr.powi llvm.intr.rint llvm.intr.round llvm.intr.roundeven llvm.intr.sin llvm.intr.sincos llvm.intr.sinh llvm.intr.sqrt llvm.intr.tan llvm.intr.tanh llvm.intr.trunc llvm.intr.vector.reduce.fadd llvm.intr.vector.reduce.fmax llvm.intr.vector.reduce.fmaximum llvm.intr.vector.reduce.fmin llvm.intr.vector.reduce.fminimum llvm.intr.vector.reduce.fmul llvm.select: fastmathFlags = #llvm.fastmath<none>
llvm.fcmp: fastmathFlags = #llvm.fastmath<none>; predicate
llvm.fence: ordering; syncscope
llvm.func: CConv = #llvm.cconv<ccc>; alignment; always_inline; arg_attrs; arm_in_za; arm_inout_za; arm_locally_streaming; arm_new_za; arm_out_za; arm_preserves_za; arm_streaming; arm_streaming_compatible; comdat; convergent; denormal_fp_math; denormal_fp_math_f32; dso_local; fp_contract; frame_pointer; function_entry_count; function_type; garbageCollector; inline_hint; instrument_function_entry; instrument_function_exit; intel_reqd_sub_group_size; linkage = #llvm.linkage<external>; memory_effects; no_infs_fp_math; no_inline; no_nans_fp_math; no_signed_zeros_fp_math; no_unwind; optimize_none; passthrough; personality; prefer_vector_width; reciprocal_estimates; reqd_work_group_size; res_attrs; section; sym_name; sym_visibility; target_cpu; target_features; tune_cpu; unnamed_addr; uwtable_kind; vec_type_hint; visibility_ = 0 : i64; vscale_range; will_return; work_group_size_hint
llvm.getelementptr: !noWrapFlags = 0 : i32; elem_type; rawConstantIndices
llvm.indirectbr: indbr_operand_segments
llvm.inline_asm: asm_dialect; asm_string; constraints; has_side_effects; is_align_stack; operand_attrs; tail_call_kind = #llvm.tailcallkind<none>
llvm.intr.abs: is_int_min_poison
llvm.intr.assume: op_bundle_sizes; op_bundle_tags
llvm.intr.ctlz llvm.intr.cttz: is_zero_poison
llvm.intr.dbg.declare llvm.intr.dbg.value: locationExpr = #llvm.di_expression<>; varInfo
llvm.intr.dbg.label: label
llvm.intr.expect.with.probability: prob
llvm.intr.experimental.constrained.fpext: fpExceptionBehavior
llvm.intr.experimental.constrained.fptrunc llvm.intr.experimental.constrained.sitofp llvm.intr.experimental.constrained.uitofp: fpExceptionBehavior; roundingmode
llvm.intr.experimental.noalias.scope.decl nvvm.memory.barrier: scope
llvm.intr.invariant.end llvm.intr.invariant.start: size
llvm.intr.is.fpclass: bit
llvm.intr.masked.compressstore llvm.intr.masked.expandload rocdl.mbcnt.hi rocdl.mbcnt.lo test.functional_region_op: arg_attrs; res_attrs
llvm.intr.masked.gather llvm.intr.masked.scatter llvm.intr.masked.store: alignment
llvm.intr.masked.load: alignment; nontemporal
llvm.intr.matrix.column.major.load llvm.intr.matrix.column.major.store: columns; isVolatile; rows
llvm.intr.matrix.multiply: lhs_columns; lhs_rows; rhs_columns
llvm.intr.matrix.transpose: columns; rows
llvm.intr.memcpy llvm.intr.memmove llvm.intr.memset: access_groups; alias_scopes; arg_attrs; isVolatile; noalias_scopes; res_attrs; tbaa
llvm.intr.memcpy.inline llvm.intr.memset.inline: access_groups; alias_scopes; arg_attrs; isVolatile; len; noalias_scopes; res_attrs; tbaa
llvm.intr.prefetch: cache; hint; rw
llvm.intr.ubsantrap: failureKind
llvm.intr.vector.extract llvm.intr.vector.insert: pos
llvm.inttoptr: dereferenceable
llvm.invoke: CConv = #llvm.cconv<ccc>; arg_attrs; branch_weights; callee; op_bundle_sizes; op_bundle_tags; operandSegmentSizes; res_attrs; var_callee_type
llvm.landingpad: cleanup
llvm.linker_options: options
llvm.load: access_groups; alias_scopes; alignment; dereferenceable; invariant; invariantGroup; noalias_scopes; nontemporal; ordering = 0 : i64; syncscope; tbaa; volatile_
llvm.mlir.addressof: global_name
llvm.mlir.alias: alias_type; dso_local; linkage; sym_name; thread_local_; unnamed_addr; visibility_ = 0 : i64
llvm.mlir.global: addr_space = 0 : i32; alignment; comdat; constant; dbg_exprs; dso_local; externally_initialized; global_type; linkage; section; sym_name; target_specific_attrs; thread_local_; unnamed_addr; value; visibility_ = 0 : i64
llvm.mlir.global_ctors: ctors; data; priorities
llvm.mlir.global_dtors: data; dtors; priorities
llvm.mlir.ifunc: address_space = 0 : i32; dso_local; i_func_type; linkage; resolver; resolver_type; sym_name; unnamed_addr = 0 : i64; visibility_ = 0 : i64
llvm.module_flags: flags
llvm.or: isDisjoint
llvm.shufflevector rocdl.sched.barrier: mask
llvm.store: access_groups; alias_scopes; alignment; invariantGroup; noalias_scopes; nontemporal; ordering = 0 : i64; syncscope; tbaa; volatile_
llvm.switch: branch_weights; case_operand_segments; case_values; operandSegmentSizes
llvm.uitofp llvm.zext: nonNeg
ml_program.global: is_mutable; sym_name; sym_visibility; type; value
ml_program.global_load ml_program.global_load_const ml_program.global_load_graph ml_program.global_store ml_program.global_store_graph wasmssa.global_get: global
mpi.allreduce: op
mpi.retval_check: errclass
nvgpu.device_async_copy: bypassL1; dstElements; operandSegmentSizes
nvgpu.device_async_wait: numGroups
nvgpu.ldmatrix: numTiles; transpose
nvgpu.mma.sp.sync: mmaShape; sparsitySelector = 0 : i32; tf32Enabled
nvgpu.mma.sync: mmaShape; tf32Enabled
nvgpu.rcp: ftz; rounding = #nvgpu<rcp_rounding_mode approx>
nvgpu.warpgroup.mma: transposeA; transposeB; waitGroup
nvvm.barrier: operandSegmentSizes; reductionOp
nvvm.cluster.arrive nvvm.cluster.arrive.relaxed nvvm.cluster.wait: aligned
nvvm.clusterlaunchcontrol.query.cancel: query_type
nvvm.clusterlaunchcontrol.try.cancel: multicast
nvvm.convert.bf16x2.to.f8x2: dstTy; rnd = #nvvm.fp_rnd_mode<none>; sat = #nvvm.sat_mode<none>
nvvm.convert.f16x2.to.f8x2 nvvm.convert.f32x2.to.f4x2 nvvm.convert.f32x2.to.f6x2 nvvm.convert.f32x4.to.f4x4 nvvm.convert.f32x4.to.f6x4 nvvm.convert.f32x4.to.f8x4: dstTy; relu = false
nvvm.convert.f32x2.to.bf16x2 nvvm.convert.f32x2.to.f16x2 nvvm.convert.float.to.tf32: relu = false; rnd = #nvvm.fp_rnd_mode<none>; sat = #nvvm.sat_mode<none>
nvvm.convert.f32x2.to.f8x2: dstTy; relu = false; rnd = #nvvm.fp_rnd_mode<none>; sat = #nvvm.sat_mode<none>
nvvm.convert.f4x2.to.f16x2 nvvm.convert.f6x2.to.f16x2 nvvm.convert.f8x2.to.f16x2: relu = false; srcType
nvvm.convert.f8x2.to.bf16x2: srcType
nvvm.cp.async.bulk.tensor.global.shared.cta: mode = #nvvm.tma_store_mode<tile>; operandSegmentSizes
nvvm.cp.async.bulk.tensor.prefetch: mode = #nvvm.tma_load_mode<tile>; operandSegmentSizes
nvvm.cp.async.bulk.tensor.reduce: mode = #nvvm.tma_store_mode<tile>; operandSegmentSizes; redKind
nvvm.cp.async.bulk.tensor.shared.cluster.global: group; isCTAOnly = false; mode = #nvvm.tma_load_mode<tile>; operandSegmentSizes
nvvm.cp.async.bulk.wait_group: group; read
nvvm.cp.async.mbarrier.arrive: noinc = false
nvvm.cp.async.shared.global: modifier; size
nvvm.cp.async.wait.group: n
nvvm.dot.accumulate.2way: a_type; b_hi; b_type
nvvm.dot.accumulate.4way: a_type; b_type
nvvm.fence.proxy.acquire nvvm.fence.proxy.release: fromProxy = #nvvm.proxy_kind<generic>; scope; toProxy = #nvvm.proxy_kind<tensormap>
nvvm.fence.proxy.sync_restrict: fromProxy = #nvvm.proxy_kind<generic>; order; toProxy = #nvvm.proxy_kind<async>
nvvm.fence.proxy: kind; space
nvvm.fence.sync_restrict sparse_tensor.foreach: order
nvvm.griddepcontrol nvvm.match.sync nvvm.tcgen05.fence nvvm.tcgen05.wait nvvm.vote.sync test.another_three_result test.another_two_result test.one_result1 test.one_result2 test.three_result test.two_result: kind
nvvm.inline_ptx: operandSegmentSizes; ptxCode
nvvm.ldmatrix: eltType; layout; num; shape
nvvm.mbarrier.arrive nvvm.mbarrier.arrive.expect_tx nvvm.mbarrier.arrive_drop nvvm.mbarrier.arrive_drop.expect_tx nvvm.mbarrier.test.wait nvvm.mbarrier.try_wait: relaxed = false; scope = #nvvm.mem_scope<cta>
nvvm.mbarrier.complete_tx nvvm.mbarrier.expect_tx: scope = #nvvm.mem_scope<cta>
nvvm.mma.block_scale: blockScaleFormat; kind; multiplicandAPtxType; multiplicandBPtxType; operandSegmentSizes; scaleVecSize; shape
nvvm.mma.sp.block_scale: blockScaleFormat; kind; multiplicandAPtxType; multiplicandBPtxType; operandSegmentSizes; orderedMetadata; scaleVecSize; shape
nvvm.mma.sp.sync: intOverflowBehavior; kind; multiplicandAPtxType; multiplicandBPtxType; operandSegmentSizes; orderedMetadata; shape
nvvm.mma.sync: b1Op; intOverflowBehavior; layoutA; layoutB; multiplicandAPtxType; multiplicandBPtxType; operandSegmentSizes; shape
nvvm.pmevent: eventId; maskedEventId
nvvm.prefetch: cacheLevel; evictPriority; in_param_space; tensormap; uniform
nvvm.read.ptx.sreg.cluster.ctaid.x nvvm.read.ptx.sreg.cluster.ctaid.y nvvm.read.ptx.sreg.cluster.ctaid.z nvvm.read.ptx.sreg.cluster.ctarank nvvm.read.ptx.sreg.cluster.nctaid.x nvvm.read.ptx.sreg.cluster.nctaid.y nvvm.read.ptx.sreg.cluster.nctaid.z nvvm.read.ptx.sreg.cluster.nctarank nvvm.read.ptx.sreg.clusterid.x nvvm.read.ptx.sreg.clusterid.y nvvm.read.ptx.sreg.clusterid.z nvvm.read.ptx.sreg.ctaid.x nvvm.read.ptx.sreg.ctaid.y nvvm.read.ptx.sreg.ctaid.z nvvm.read.ptx.sreg.gridid nvvm.read.ptx.sreg.laneid nvvm.read.ptx.sreg.nclusterid.x nvvm.read.ptx.sreg.nclusterid.y nvvm.read.ptx.sreg.nclusterid.z nvvm.read.ptx.sreg.nctaid.x nvvm.read.ptx.sreg.nctaid.y nvvm.read.ptx.sreg.nctaid.z nvvm.read.ptx.sreg.nsmid nvvm.read.ptx.sreg.ntid.x nvvm.read.ptx.sreg.ntid.y nvvm.read.ptx.sreg.ntid.z nvvm.read.ptx.sreg.nwarpid nvvm.read.ptx.sreg.smid nvvm.read.ptx.sreg.tid.x nvvm.read.ptx.sreg.tid.y nvvm.read.ptx.sreg.tid.z nvvm.read.ptx.sreg.warpid nvvm.read.ptx.sreg.warpsize rocdl.cluster.id.x rocdl.cluster.id.y rocdl.cluster.id.z rocdl.grid.dim.x rocdl.grid.dim.y rocdl.grid.dim.z rocdl.wavefrontsize rocdl.workgroup.dim.x rocdl.workgroup.dim.y rocdl.workgroup.dim.z rocdl.workgroup.id.x rocdl.workgroup.id.y rocdl.workgroup.id.z rocdl.workitem.id.x rocdl.workitem.id.y rocdl.workitem.id.z xevm.group_count.x xevm.group_count.y xevm.group_count.z xevm.group_id.x xevm.group_id.y xevm.group_id.z xevm.lane_id xevm.local_id.x xevm.local_id.y xevm.local_id.z xevm.local_size.x xevm.local_size.y xevm.local_size.z xevm.subgroup_id xevm.subgroup_size: range
nvvm.redux.sync: abs = false; kind; nan = false
nvvm.setmaxregister: action; regCount
nvvm.shfl.sync: kind; return_value_and_is_valid
nvvm.st.bulk: initVal = 0 : i64
nvvm.stmatrix: eltType; layout; shape
nvvm.tcgen05.alloc nvvm.tcgen05.commit nvvm.tcgen05.dealloc nvvm.tcgen05.relinquish_alloc_permit nvvm.tcgen05.shift: group = #nvvm.cta_group<cta_1>
nvvm.tcgen05.cp: group = #nvvm.cta_group<cta_1>; multicast = #nvvm.tcgen05_cp_multicast<none>; shape; srcFormat
nvvm.tcgen05.ld: pack; shape
nvvm.tcgen05.mma nvvm.tcgen05.mma.sp: aShift; collectorOp = #nvvm.tcgen05_mma_collectorop<discard>; ctaGroup; kind; operandSegmentSizes
nvvm.tcgen05.mma.block_scale nvvm.tcgen05.mma.sp.block_scale: blockScale = #nvvm.tcgen05_mma_block_scale<default>; collectorOp = #nvvm.tcgen05_mma_collectorop<discard>; ctaGroup; kind
nvvm.tcgen05.mma.ws nvvm.tcgen05.mma.ws.sp: collectorBBuffer = #nvvm.tcgen05_mma_collectorb<b0>; collectorOp = #nvvm.tcgen05_mma_collectorop<discard>; kind
nvvm.tcgen05.st: shape; unpack
nvvm.wgmma.mma_async: layoutA; layoutB; satfinite; scaleA; scaleB; scaleD; shape; typeA; typeB; typeD
nvvm.wgmma.wait.group.sync.aligned: group
nvvm.wmma.load: eltype; frag; k; layout; m; n
nvvm.wmma.mma: eltypeA; eltypeB; k; layoutA; layoutB; m; n
nvvm.wmma.store: eltype; k; layout; m; n
omp.allocate_dir: align; operandSegmentSizes
omp.atomic.capture omp.atomic.write: hint; memory_order
omp.atomic.read: element_type; hint; memory_order
omp.atomic.update: atomic_control; hint; memory_order
omp.cancel omp.cancellation_point: cancel_directive
omp.critical.declare: hint; sym_name
omp.declare_reduction: byref_element_type; sym_name; type
omp.distribute: dist_schedule_static; operandSegmentSizes; order; order_mod; private_needs_barrier; private_syms
omp.loop: bind_kind; operandSegmentSizes; order; order_mod; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms
omp.loop_nest: collapse_num_loops; loop_inclusive; tile_sizes
omp.map.bounds: operandSegmentSizes; stride_in_bytes = false
omp.map.info: map_capture_type; map_type; mapper_id; members_index; name; operandSegmentSizes; partial_map = false; var_type
omp.ordered.region: par_level_simd
omp.ordered: doacross_depend_type; doacross_num_loops
omp.parallel: operandSegmentSizes; private_needs_barrier; private_syms; proc_bind_kind; reduction_byref; reduction_mod; reduction_syms
omp.private: data_sharing_type; sym_name; type
omp.sections: nowait; operandSegmentSizes; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms
omp.simd: alignments; linear_var_types; operandSegmentSizes; order; order_mod; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms; safelen; simdlen
omp.single: copyprivate_syms; nowait; operandSegmentSizes; private_needs_barrier; private_syms
omp.target: bare; depend_kinds; in_reduction_byref; in_reduction_syms; nowait; operandSegmentSizes; private_maps; private_needs_barrier; private_syms
omp.target_allocmem: bindc_name; in_type; operandSegmentSizes; uniq_name
omp.target_enter_data omp.target_exit_data omp.target_update: depend_kinds; nowait; operandSegmentSizes
omp.task: depend_kinds; in_reduction_byref; in_reduction_syms; mergeable; operandSegmentSizes; private_needs_barrier; private_syms; untied
omp.taskgroup: operandSegmentSizes; task_reduction_byref; task_reduction_syms
omp.taskloop: grainsize_mod; in_reduction_byref; in_reduction_syms; mergeable; nogroup; num_tasks_mod; operandSegmentSizes; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms; untied
omp.taskwait: depend_kinds; nowait
omp.teams: operandSegmentSizes; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms
omp.workshare: nowait
omp.wsloop: linear_var_types; nowait; operandSegmentSizes; order; order_mod; ordered; private_needs_barrier; private_syms; reduction_byref; reduction_mod; reduction_syms; schedule_kind; schedule_mod; schedule_simd
pdl.apply_native_constraint pdl_interp.apply_constraint: isNegated = false; name
pdl.operation: attributeValueNames; opName; operandSegmentSizes
pdl.pattern: benefit; sym_name
pdl.rewrite: name; operandSegmentSizes
pdl.type: constantType
pdl.types: constantTypes
pdl_interp.check_attribute: constantValue
pdl_interp.check_operand_count pdl_interp.check_result_count: compareAtLeast; count
pdl_interp.check_type test.type_attr_of wasmssa.local: type
pdl_interp.check_types: types
pdl_interp.create_operation: inferredResultTypes; inputAttributeNames; name; operandSegmentSizes
pdl_interp.func: arg_attrs; function_type; res_attrs; sym_name
pdl_interp.record_match: benefit; generatedOps; operandSegmentSizes; rewriter; rootKind
pdl_interp.switch_attribute pdl_interp.switch_operand_count pdl_interp.switch_operation_name pdl_interp.switch_result_count pdl_interp.switch_type pdl_interp.switch_types: caseValues
ptr.gather ptr.masked_load ptr.masked_store ptr.scatter: !alignment = []
ptr.load: !alignment = []; !invariant = false; !invariantGroup = false; !nontemporal = false; !ordering = 0 : i32; !volatile_ = false; syncscope
ptr.ptr_add: !flags = 0 : i32
ptr.ptr_diff: !flags = 0 : i8
ptr.store: !alignment = []; !invariantGroup = false; !nontemporal = false; !ordering = 0 : i32; !volatile_ = false; syncscope
ptr.type_offset: elementType
rocdl.cluster.load.async.to.lds.b128 rocdl.cluster.load.async.to.lds.b32 rocdl.cluster.load.async.to.lds.b64 rocdl.cluster.load.async.to.lds.b8: alias_scopes; cpol; noalias_scopes; offset; tbaa
rocdl.cvt.f32.bf8 rocdl.cvt.f32.fp8 rocdl.cvt.sr.bf8.f32 rocdl.cvt.sr.fp8.f32: byteSel
rocdl.cvt.pk.bf8.f32 rocdl.cvt.pk.f32.bf8 rocdl.cvt.pk.f32.fp8 rocdl.cvt.pk.fp8.f32: wordSel
rocdl.cvt.scale.pk16.bf16.bf6 rocdl.cvt.scale.pk16.bf16.fp6 rocdl.cvt.scale.pk16.f16.bf6 rocdl.cvt.scale.pk16.f16.fp6 rocdl.cvt.scale.pk16.f32.bf6 rocdl.cvt.scale.pk16.f32.fp6 rocdl.cvt.scale.pk8.bf16.bf8 rocdl.cvt.scale.pk8.bf16.fp4 rocdl.cvt.scale.pk8.bf16.fp8 rocdl.cvt.scale.pk8.f16.bf8 rocdl.cvt.scale.pk8.f16.fp4 rocdl.cvt.scale.pk8.f16.fp8 rocdl.cvt.scale.pk8.f32.bf8 rocdl.cvt.scale.pk8.f32.fp4 rocdl.cvt.scale.pk8.f32.fp8: scaleSel
rocdl.cvt.scalef32.f16.bf8 rocdl.cvt.scalef32.f16.fp8: dstLoHiSel; srcSelIndex
rocdl.cvt.scalef32.f32.bf8 rocdl.cvt.scalef32.f32.fp8 rocdl.cvt.scalef32.pk.bf16.fp4 rocdl.cvt.scalef32.pk.f16.fp4 rocdl.cvt.scalef32.pk.f32.fp4: srcSelIndex
rocdl.cvt.scalef32.pk.bf16.bf8 rocdl.cvt.scalef32.pk.bf16.fp8 rocdl.cvt.scalef32.pk.f16.bf8 rocdl.cvt.scalef32.pk.f16.fp8 rocdl.cvt.scalef32.pk.f32.bf8 rocdl.cvt.scalef32.pk.f32.fp8: srcLoHiSel
rocdl.cvt.scalef32.pk.bf8.bf16 rocdl.cvt.scalef32.pk.bf8.f16 rocdl.cvt.scalef32.pk.bf8.f32 rocdl.cvt.scalef32.pk.fp8.bf16 rocdl.cvt.scalef32.pk.fp8.f16 rocdl.cvt.scalef32.pk.fp8.f32: dstLoHiSel
rocdl.cvt.scalef32.pk.fp4.bf16 rocdl.cvt.scalef32.pk.fp4.f16 rocdl.cvt.scalef32.pk.fp4.f32 rocdl.cvt.scalef32.sr.bf8.bf16 rocdl.cvt.scalef32.sr.bf8.f16 rocdl.cvt.scalef32.sr.bf8.f32 rocdl.cvt.scalef32.sr.fp8.bf16 rocdl.cvt.scalef32.sr.fp8.f16 rocdl.cvt.scalef32.sr.fp8.f32 rocdl.cvt.scalef32.sr.pk.fp4.bf16 rocdl.cvt.scalef32.sr.pk.fp4.f16 rocdl.cvt.scalef32.sr.pk.fp4.f32: dstSelIndex
rocdl.ds.atomic.async.barrier.arrive.b64 rocdl.ds.atomic.barrier.arrive.rtn.b64 rocdl.ds.load.tr16.b128 rocdl.ds.load.tr4.b64 rocdl.ds.load.tr6.b96 rocdl.ds.load.tr8.b64 rocdl.ds.read.tr16.b64 rocdl.ds.read.tr4.b64 rocdl.ds.read.tr6.b96 rocdl.ds.read.tr8.b64 rocdl.global.load.tr.b128 rocdl.global.load.tr.b64 rocdl.global.load.tr4.b64 rocdl.global.load.tr6.b96 rocdl.raw.ptr.buffer.atomic.cmpswap rocdl.raw.ptr.buffer.atomic.fadd rocdl.raw.ptr.buffer.atomic.fmax rocdl.raw.ptr.buffer.atomic.smax rocdl.raw.ptr.buffer.atomic.umin rocdl.raw.ptr.buffer.load rocdl.raw.ptr.buffer.load.lds rocdl.raw.ptr.buffer.store: alias_scopes; noalias_scopes; tbaa
rocdl.flat.prefetch rocdl.global.prefetch: alias_scopes; noalias_scopes; scope; tbaa
rocdl.global.load.async.to.lds.b128 rocdl.global.load.async.to.lds.b32 rocdl.global.load.async.to.lds.b64 rocdl.global.load.async.to.lds.b8: alias_scopes; aux; noalias_scopes; offset; tbaa
rocdl.global.load.lds rocdl.load.to.lds: alias_scopes; aux; noalias_scopes; offset; size; tbaa
rocdl.iglp.opt: variant
rocdl.permlane16.swap rocdl.permlane32.swap rocdl.permlanex16: boundControl; fi
rocdl.s.barrier.init rocdl.s.barrier.signal.var: memberCnt
rocdl.s.setprio: priority
rocdl.s.waitcnt: bitfield
rocdl.sched.group.barrier: groupId; mask; size
rocdl.tensor.load.to.lds rocdl.tensor.load.to.lds.d2 rocdl.tensor.store.from.lds rocdl.tensor.store.from.lds.d2: alias_scopes; cachePolicy; noalias_scopes; tbaa
rocdl.update.dpp: bankMask; boundCtrl; dppCtrl; rowMask
rocdl.wmma.bf16.16x16x16.bf16 rocdl.wmma.f16.16x16x16.f16: opsel = false
rocdl.wmma.bf16.16x16x32.bf16 rocdl.wmma.bf16f32.16x16x32.bf16 rocdl.wmma.f16.16x16x32.f16 rocdl.wmma.f32.16x16x32.bf16 rocdl.wmma.f32.16x16x32.f16 rocdl.wmma.f32.16x16x4.f32: modC = 0 : i16; reuseA = false; reuseB = false; signA = false; signB = false
rocdl.wmma.f16.16x16x128.bf8_bf8 rocdl.wmma.f16.16x16x128.bf8_fp8 rocdl.wmma.f16.16x16x128.fp8_bf8 rocdl.wmma.f16.16x16x128.fp8_fp8 rocdl.wmma.f16.16x16x64.bf8_bf8 rocdl.wmma.f16.16x16x64.bf8_fp8 rocdl.wmma.f16.16x16x64.fp8_bf8 rocdl.wmma.f16.16x16x64.fp8_fp8 rocdl.wmma.f32.16x16x128.bf8_bf8 rocdl.wmma.f32.16x16x128.bf8_fp8 rocdl.wmma.f32.16x16x128.fp8_bf8 rocdl.wmma.f32.16x16x128.fp8_fp8 rocdl.wmma.f32.16x16x64.bf8_bf8 rocdl.wmma.f32.16x16x64.bf8_fp8 rocdl.wmma.f32.16x16x64.fp8_bf8 rocdl.wmma.f32.16x16x64.fp8_fp8: modC = 0 : i16; reuseA = false; reuseB = false
rocdl.wmma.i32.16x16x16.iu4 rocdl.wmma.i32.16x16x16.iu8 rocdl.wmma.i32.16x16x32.iu4: clamp = false; signA = false; signB = false
rocdl.wmma.i32.16x16x64.iu8: clamp = false; reuseA = false; reuseB = false; signA = false; signB = false
rocdl.wmma.scale.f32.16x16x128.f8f6f4 rocdl.wmma.scale16.f32.16x16x128.f8f6f4: fmtA = 0 : i32; fmtB = 0 : i32; fmtScaleA = 0 : i32; fmtScaleB = 0 : i32; modC = 0 : i16; reuseA = false; reuseB = false; scaleAType = 0 : i32; scaleBType = 0 : i32
rocdl.wmma.scale.f32.32x16x128.f4 rocdl.wmma.scale16.f32.32x16x128.f4: fmtScaleA = 0 : i32; fmtScaleB = 0 : i32; modC = 0 : i16; reuseA = false; reuseB = false; scaleAType = 0 : i32; scaleBType = 0 : i32
shape.broadcast shape.meet: error
shape.const_shape: shape
shape.const_witness: passing
shape.cstr_require: msg
shape.function_library: mapping; sym_name; sym_visibility
shard.all_gather: gather_axis; grid; grid_axes = array<i16>
shard.all_reduce: grid; grid_axes = array<i16>; reduction = #shard<partial sum>
shard.all_slice: grid; grid_axes = array<i16>; slice_axis
shard.all_to_all: concat_axis; grid; grid_axes = array<i16>; split_axis
shard.broadcast: grid; grid_axes = array<i16>; root
shard.gather: gather_axis; grid; grid_axes = array<i16>; root
shard.grid: shape; sym_name
shard.grid_shape shard.process_multi_index: axes = array<i16>; grid
shard.neighbors_linear_indices: grid; split_axes
shard.process_linear_index: grid
shard.recv: grid; grid_axes = array<i16>; source
shard.reduce: grid; grid_axes = array<i16>; reduction = #shard<partial sum>; root
shard.reduce_scatter: grid; grid_axes = array<i16>; reduction = #shard<partial sum>; scatter_axis
shard.scatter: grid; grid_axes = array<i16>; root; scatter_axis
shard.send: destination; grid; grid_axes = array<i16>
shard.shard: annotate_for_users
shard.shard_shape: device; dims; operandSegmentSizes
shard.sharding: grid; operandSegmentSizes; split_axes; static_halo_sizes = array<i64>; static_sharded_dims_offsets = array<i64>
shard.shift: grid; grid_axes = array<i16>; offset; rotate; shift_axis
shard.update_halo: grid; split_axes; static_halo_sizes = array<i64>
smt.declare_fun: namePrefix
smt.exists smt.forall: boundVarNames; noPattern; weight = 0 : i32
smt.set_logic: logic
sparse_tensor.binary: left_identity; right_identity
sparse_tensor.coiterate: cases; crdUsedLvls; operandSegmentSizes
sparse_tensor.concatenate: dimension
sparse_tensor.coordinates sparse_tensor.positions: level
sparse_tensor.crd_translate: direction; encoder
sparse_tensor.extract_iteration_space: hiLvl; loLvl
sparse_tensor.iterate: crdUsedLvls
sparse_tensor.load: hasInserts
sparse_tensor.push_back: inbounds
sparse_tensor.reorder_coo: algorithm
sparse_tensor.slice.offset sparse_tensor.slice.stride: dim
sparse_tensor.sort: algorithm; ny; perm_map
sparse_tensor.storage_specifier.get sparse_tensor.storage_specifier.set: level; specifierKind
spirv.ARM.Graph: arg_attrs; entry_point; function_type; res_attrs; sym_name
spirv.ARM.GraphConstant: graph_constant_id
spirv.ARM.GraphEntryPoint: fn; interface
spirv.AtomicAnd spirv.AtomicExchange spirv.AtomicIAdd spirv.AtomicIDecrement spirv.AtomicIIncrement spirv.AtomicISub spirv.AtomicOr spirv.AtomicSMax spirv.AtomicSMin spirv.AtomicUMax spirv.AtomicUMin spirv.AtomicXor spirv.EXT.AtomicFAdd: memory_scope; semantics
spirv.AtomicCompareExchange spirv.AtomicCompareExchangeWeak: equal_semantics; memory_scope; unequal_semantics
spirv.BranchConditional: branch_weights; operandSegmentSizes
spirv.CompositeExtract spirv.CompositeInsert: indices
spirv.ControlBarrier spirv.INTEL.ControlBarrierArrive spirv.INTEL.ControlBarrierWait: execution_scope; memory_scope; memory_semantics
spirv.CopyMemory: alignment; memory_access; source_alignment; source_memory_access
spirv.EXT.SpecConstantCompositeReplicate: constituent; sym_name; type
spirv.EntryPoint: execution_model; fn; interface
spirv.ExecutionMode: execution_mode; fn; values
spirv.GlobalVariable: binding; built_in; descriptor_set; initializer; linkage_attributes; location; sym_name; type
spirv.GroupBroadcast spirv.GroupNonUniformAll spirv.GroupNonUniformAllEqual spirv.GroupNonUniformAny spirv.GroupNonUniformBallot spirv.GroupNonUniformBallotFindLSB spirv.GroupNonUniformBallotFindMSB spirv.GroupNonUniformBroadcast spirv.GroupNonUniformElect spirv.GroupNonUniformQuadSwap spirv.GroupNonUniformRotateKHR spirv.GroupNonUniformShuffle spirv.GroupNonUniformShuffleDown spirv.GroupNonUniformShuffleUp spirv.GroupNonUniformShuffleXor: execution_scope
spirv.GroupFAdd spirv.GroupFMax spirv.GroupFMin spirv.GroupIAdd spirv.GroupNonUniformBallotBitCount spirv.GroupNonUniformBitwiseAnd spirv.GroupNonUniformBitwiseOr spirv.GroupNonUniformBitwiseXor spirv.GroupNonUniformFAdd spirv.GroupNonUniformFMax spirv.GroupNonUniformFMin spirv.GroupNonUniformFMul spirv.GroupNonUniformIAdd spirv.GroupNonUniformIMul spirv.GroupNonUniformLogicalAnd spirv.GroupNonUniformLogicalOr spirv.GroupNonUniformLogicalXor spirv.GroupNonUniformSMax spirv.GroupNonUniformSMin spirv.GroupNonUniformUMax spirv.GroupNonUniformUMin spirv.GroupSMax spirv.GroupSMin spirv.GroupUMax spirv.GroupUMin spirv.KHR.GroupFMul spirv.KHR.GroupIMul: execution_scope; group_operation
spirv.ImageDrefGather spirv.ImageFetch spirv.ImageRead spirv.ImageSampleExplicitLod spirv.ImageSampleImplicitLod spirv.ImageSampleProjDrefImplicitLod spirv.ImageWrite: image_operands
spirv.KHR.CooperativeMatrixLength: cooperative_matrix_type
spirv.KHR.CooperativeMatrixLoad spirv.KHR.CooperativeMatrixStore: alignment; matrix_layout; memory_operand
spirv.KHR.CooperativeMatrixMulAdd: matrix_operands
spirv.Load spirv.Store: alignment; memory_access
spirv.MemoryBarrier: memory_scope; memory_semantics
spirv.SpecConstant: default_value; sym_name
spirv.SpecConstantComposite: constituents; sym_name; type
spirv.Switch: case_operand_segments; literals; operandSegmentSizes
spirv.Variable: storage_class
spirv.VectorShuffle: components
spirv.func: arg_attrs; function_control; function_type; linkage_attributes; res_attrs; sym_name
spirv.mlir.addressof: variable
spirv.mlir.loop: loop_control
spirv.mlir.referenceof: spec_const
spirv.mlir.selection: selection_control
spirv.module: addressing_model; memory_model; sym_name; vce_triple
test.all_attr_constraint_of1 test.all_attr_constraint_of2 test.any_attr_of_i32_str test.attr_with_trait test.either_op_c test.format_attr_op test.format_optional_enum_attr test.format_symbol_name_attr_op test.i32ElementsAttr test.i32_enum_attr test.i64_enum_attr test.indexElementsAttr test.match_op_attribute3 test.native_code_call2 test.op_a test.op_b test.op_in_place_fold test.optional_custom_attr test.result_has_same_type_as_attr test.slash_attr test.string_attr_with_mixed_type test.string_attr_with_type test.symbol_binding_a test.symbol_binding_d test.type_array_attr: attr
test.array_of_attr_op: a; b; c
test.attr_sized_results test.attr_sized_results_compile_test test.format_custom_directive_results test.format_custom_directive_results_with_type_refs test.format_multiple_variadic_results test.format_optional_result_a_op test.format_optional_result_b_op test.format_optional_result_c_op: resultSegmentSizes
test.attr_with_loc: loc; value
test.call test.fold_to_call_op wasmssa.call: callee
test.call_and_store: arg_attrs; callee; res_attrs; store_before_call
test.call_with_segments: callee; operandSegmentSizes
test.compare: cmp = "EQ"; compose; lhs_map; rhs_map
test.confined_dense_array_attr: emptyattr; i32attr; i64attr
test.confined_non_negative_attr test.confined_strictly_positive_attr: emptyattr; f32attr; f64attr; i16attr; i32attr; i64attr; i8attr
test.convert_block_args: duplicate; is_legal; replace_with_operand
test.custom_dimension_list_attr: dimension_list
test.default_value_print: value_with_default = 0 : i32
test.dense_array_attr: emptyattr; f32attr; f64attr; i16attr; i1attr; i32attr; i64attr; i8attr
test.ellipsis: variadic
test.float_attrs: float_attr
test.float_elements_attr: scalar_f32_attr; tensor_f64_attr
test.fold_with_fold_adaptor: attr; operandSegmentSizes
test.format_all_types_match_attr: value1
test.format_attr_dict_w_keyword: attr; opt_attr
test.format_compound_attr: compound
test.format_cpmd_nested_attr test.format_nested_attr test.format_qual_cpmd_nested_attr: nested
test.format_custom_directive_attrdict test.format_custom_directive_attributes: attr; optAttr
test.format_custom_directive_spacing test.interleaved_operand_attr1 test.interleaved_operand_attr2 test.match_op_attribute4: attr1; attr2
test.format_literal_following_optional_group: type; value
test.format_opt_attr_op_a test.format_opt_attr_op_b test.format_opt_symbol_name_attr_op test.format_opt_symbol_ref_attr_op: opt_attr
test.format_optional_default_attrs: e = 5 : i64; str = "default"; sym = "default"
test.format_optional_default_enum_attr: e = 5 : i64
test.format_optional_else: isFirstBranchPresent
test.format_optional_prop_dict: !a = []; !b = 1 : i32
test.format_optional_unit_attribute test.format_optional_unit_attribute_no_elide: is_optional
test.format_optional_unit_property test.format_optional_unit_property_no_elide: !is_optional = false
test.format_variadic_of_variadic_operand: operand_segments
test.has_str_value: value = ""
test.ignore_arg_match_dst: f
test.ignore_arg_match_src: d; e; f
test.int_attrs: any_i32_attr; index_attr; si32_attr; ui32_attr
test.int_elements_attr: any_i32_attr; i32_attr
test.legal_op_a: status
test.many_arguments: attr1; attr2; attr3; attr4; attr5; attr6; attr7; attr8; attr9
test.match_op_attribute1 test.match_op_attribute2: default_valued_attr = 42 : i32; more_attr; optional_attr; required_attr
test.mixed_variadic_in4 test.mixed_variadic_in6: attr1
test.mixed_variadic_in5: attr1; pattern_name
test.mixed_variadic_optional_in7: attr1; operandSegmentSizes
test.native_code_call1: attr1; attr2; choice
test.non_negative_int_attr test.positive_int_attr: i32attr; i64attr
test.oilist_custom: nowait; operandSegmentSizes
test.oilist_with_keywords_only: diffNameUnitAttrKeyword; keyword; otherKeyword
test.oilist_with_keywords_only_properties: !diffNameUnitPropKeyword = false; !keyword = false; !otherKeyword = false
test.op_in_place_self_fold: folded
test.op_m: optional_attr
test.op_optionally_implementing_interface: implementsInterface
test.op_with_bit_enum test.op_with_bit_enum_vbar test.op_with_enum: tag; value
test.op_with_bit_enum_prop test.op_with_bit_enum_prop_named: !value1 = 1 : i32; !value2 = 1 : i32
test.op_with_effects_a: first; optional_symbol; second
test.op_with_enum_prop test.op_with_enum_prop_attr_form: !value = 0 : i32
test.op_with_enum_prop_attr_form_always: !value = #test<enum first>
test.op_with_loc_attr: loc_attr
test.op_with_property_predicates: !array = []; !defaulted = 0 : i64; !more_constrained = 0 : i64; !non_empty_constrained = []; !non_empty_optional = []; !non_empty_unconstrained = []; !optional = []; !scalar = 0 : i64; !unconstrained = 0 : i64
test.parse_b64: b64
test.parse_wrapped_keyword: keyword
test.promised_interfaces: promisedAttr
test.prop: transforms
test.prop_pattern_op_1: !cond = false; !tag = ""; !val = 0 : i64
test.prop_pattern_op_2: !tag = ""
test.ranked_int_elements_attr: matrix_i64_attr; vector_i32_attr
test.recursive_rewrite: depth
test.reflect_bounds test.with_bounds test.with_bounds_region: smax; smin; umax; umin
test.reify_bound: constant; dim; scalable; type = "EQ"; vscale_max; vscale_min
test.store_with_a_loop_region test.store_with_a_region: store_before_region
test.string_elements_attr: scalar_string_attr
test.symbol test.symbol_with_result: sym_name; sym_visibility
test.tblgen_build_7: attr0
test.type_array_attr_with_default: attr = []
test.typed_attr: attr; type
test.using_int_property_with_worse_bytecode: !value = 0 : i64
test.using_property_in_custom: !prop = array<i64>
test.using_property_in_custom_and_other: !other = 0 : i64; !prop = array<i64>
test.using_property_ref_in_custom: !first = 0 : i64; !second = 0 : i64
test.value_with_bounds: max; min
test.variadic_args_types_split: str
test.variadic_segment_prop: operandSegmentSizes; resultSegmentSizes
test.versionedA: dims; modifier
test.versionedB test.versionedC: attribute
test.with_array_properties: !explicitOptions = []; !explicitUnits = []; !hasDefault = []; !ints = []; !nested = []; !opt = []; !strings = []
test.with_default_valued_properties: !b = ""; !c = -1 : i32; !unit = false; a = 0 : i32
test.with_nice_properties test.with_versioned_properties test.with_wrapped_properties test.with_wrapped_properties2: prop
test.with_optional_properties: anAttr; hasDefault; hasUnit; longSyntax; maybeUnit; nested; nonTrivialStorage; simple; simplei8; simpleui8
test.with_properties: a; array; array32; b; c; flag
test.with_properties_and_attr: lhs; rhs
test.with_properties_and_inferred_type: lhs; packed; rhs
transform.affine.simplify_bounded_affine_ops: lower_bounds; upper_bounds
transform.apply_conversion_patterns.dialect_to_llvm: dialect_name
transform.apply_conversion_patterns.gpu.gpu_to_nvvm: benefit
transform.apply_conversion_patterns.gpu.gpu_to_rocdl transform.apply_patterns.gpu.gpu_shuffle_to_amdgpu: chipset
transform.apply_conversion_patterns.memref.memref_to_llvm_type_converter: data_layout; index_bitwidth; use_aligned_alloc; use_bare_ptr_call_conv; use_generic_functions
transform.apply_conversion_patterns.vector.vector_to_llvm: force_32bit_vector_indices; reassociate_fp_reductions; use_vector_alignment
transform.apply_conversion_patterns: illegal_dialects; illegal_ops; legal_dialects; legal_ops; partial_conversion; preserve_handles
transform.apply_patterns.gpu.unroll_vectors_subgroup_mma: k; m; n
transform.apply_patterns.linalg.fold_pack_unpack_into_empty transform.apply_patterns.tensor.fold_tensor_empty: fold_single_use_only
transform.apply_patterns.memref.alloc_to_alloca: size_limit
transform.apply_patterns.tensor.rewrite_as_constant: aggressive
transform.apply_patterns.vector.lower_contraction transform.apply_patterns.vector.lower_multi_reduction: lowering_strategy
transform.apply_patterns.vector.lower_transfer: max_transfer_rank
transform.apply_patterns.vector.lower_transpose: avx2_lowering_strategy; lowering_strategy
transform.apply_patterns.vector.split_transfer_full_partial: split_transfer_strategy
transform.apply_patterns.vector.transfer_to_scf: full_unroll; max_transfer_rank
transform.apply_patterns: apply_cse; max_iterations; max_num_rewrites
transform.apply_registered_pass: options; pass_name
transform.bufferization.one_shot_bufferize: allow_return_allocs_from_loops; allow_unknown_ops; bufferize_function_boundaries; check_parallel_regions; dump_alias_sets; function_boundary_type_conversion; memcpy_op; print_conflicts; test_analysis_only
transform.collect_matching: matcher
transform.debug.emit_param_as_remark transform.debug.emit_remark_at: message
transform.dlti.query: keys
transform.foreach: with_zip_shortest
transform.foreach_match: actions; flatten_results; matchers; restrict_root
transform.func.cast_and_call: function_name; insert_after; operandSegmentSizes
transform.func.replace_func_signature: adjust_func_calls; args_interchange; function_name; results_interchange
transform.get_consumers_of_result: result_number
transform.get_operand transform.get_result: is_all; is_inverted; raw_position_list
transform.get_parent_op: allow_empty_results; deduplicate; isolated_from_above; nth_parent; op_name
transform.get_producer_of_operand: operand_number
transform.get_type: elemental
transform.gpu.map_forall_to_blocks: generate_gpu_launch; grid_dims
transform.gpu.map_nested_forall_to_threads: block_dims; sync_after_distribute; warp_size
transform.include: arg_attrs; failure_propagation_mode; res_attrs; target
transform.loop.outline: func_name
transform.loop.peel: fail_if_already_divisible; peel_front
transform.loop.pipeline: iteration_interval; read_latency
transform.loop.unroll transform.loop.unroll_and_jam: factor
transform.match.operation_name: op_names
transform.match.structured.body: contraction; elementwise; passthrough; reduction_position
transform.match.structured.dim: is_all; is_inverted; parallel; raw_dim_list; reduction
transform.match.structured.init transform.match.structured.input: is_all; is_inverted; permutation; projected_permutation; raw_position_list
transform.match.structured.result: any; position; single
transform.match.structured: failure_propagation_mode
transform.memref.make_loop_independent transform.tensor.make_loop_independent: num_loops
transform.memref.multibuffer: factor; skip_analysis
transform.merge_handles: deduplicate
transform.nvgpu.create_async_groups: bypass_l1
transform.nvgpu.pipeline_shared_memory_copies: depth; failure_propagation_mode; peel_epilogue
transform.pdl_match: pattern_name
transform.print: assume_verified; name; skip_regions; use_local_scope
transform.scf.take_assumed_branch: take_else_branch
transform.select: op_name
transform.sequence: failure_propagation_mode; operandSegmentSizes
transform.split_handle: fail_on_payload_too_small; overflow_result; pass_through_empty_handle
transform.structured.bufferize_to_allocation: alloc_op; bufferize_destination_only; emit_dealloc; memcpy_op; memory_space
transform.structured.continuous_tile_sizes: dimension; target_size
transform.structured.fuse: apply_cleanup; operandSegmentSizes; static_tile_interchange; static_tile_sizes; use_forall
transform.structured.gpu.map_copy_to_threads: desired_bit_alignment; total_num_threads
transform.structured.hoist_pad.build_packing_loop_nest: transpose
transform.structured.hoist_pad: num_loops; transpose
transform.structured.hoist_redundant_vector_transfers: verify_non_zero_trip
transform.structured.interchange: iterator_interchange
transform.structured.lower_pack: lowerPadLikeWithInsertSlice
transform.structured.lower_unpack: lowerUnpadLikeWithExtractSlice
transform.structured.match: filter_operand_types; filter_result_type; interface; op_attrs; ops
transform.structured.multitile_sizes: dimension; divisor; target_size
transform.structured.pack: static_packed_sizes
transform.structured.pack_greedily: matmul_inner_dims_order; matmul_padded_sizes_next_multiple_of; static_matmul_packed_sizes
transform.structured.pack_transpose: inner_perm; outer_perm
transform.structured.pad: copy_back_op; nofold_flags; padding_dimensions; padding_values; static_pad_to_multiple_of; transpose_paddings; use_prescribed_tensor_shapes
transform.structured.pad_tiling_interface: pad_to_multiple_of; padding_values; static_padding_sizes
transform.structured.promote: alignment; mapping; memory_space; operands_to_promote; use_alloca; use_full_tile_buffers; use_full_tiles_by_default; use_original_subview_size
transform.structured.promote_tensor: memory_space
transform.structured.split: dimension; multiway; static_chunk_sizes
transform.structured.split_reduction: inner_parallel; insert_split_dimension; split_factor; use_alloc; use_scaling_algorithm
transform.structured.tile_reduction_using_for: reduction_dims; tile_sizes
transform.structured.tile_reduction_using_forall: mapping; num_threads; reduction_dims; tile_sizes
transform.structured.tile_using_for: interchange; scalable_sizes; static_sizes
transform.structured.tile_using_forall: mapping; operandSegmentSizes; static_num_threads; static_tile_sizes
transform.structured.transpose_matmul: inputToTranspose
transform.structured.vectorize: assume_dynamic_dims_match_vec_sizes; create_named_contraction; scalable_sizes; static_vector_sizes; vectorize_nd_extract
transform.structured.vectorize_children_and_apply_patterns: disable_multi_reduction_to_contract_patterns; disable_transfer_permutation_map_lowering_patterns; flatten_1d_depthwise_conv; fold_type_extensions_into_contract; vectorize_nd_extract; vectorize_padding
transform.structured.winograd_conv2d: fmr
transform.tune.alternatives: name; selected_region_attr
transform.tune.knob: name; options; selected
transform.type_conversion.tensor.cast_shape_dynamic_dims: ignore_dynamic_info
transform.xegpu.convert_layout: operandSegmentSizes; static_input_inst_data; static_input_sg_data; static_input_sg_layout; static_target_inst_data; static_target_sg_data; static_target_sg_layout
transform.xegpu.insert_prefetch: static_nb_prefetch
transform.xegpu.set_desc_layout: operandSegmentSizes; slice_dims; static_inst_data; static_sg_data; static_sg_layout
transform.xegpu.set_gpu_launch_threads: static_threads
transform.xegpu.set_op_layout_attr: index; operandSegmentSizes; result; slice_dims; static_inst_data; static_sg_data; static_sg_layout
vcix.v.iv: imm; opcode
vcix.v.sv: opcode
wasmssa.branch_if: exitLevel
wasmssa.extend: bitsToTake
wasmssa.func: arg_attrs; exported; functionType; res_attrs; sym_name
wasmssa.global: exported; isMutable; sym_name; type
wasmssa.import_func: arg_attrs; importName; moduleName; res_attrs; sym_name; type
wasmssa.import_global: importName; isMutable; moduleName; sym_name; type
wasmssa.import_mem: importName; limits; moduleName; sym_name
wasmssa.import_table: importName; moduleName; sym_name; type
wasmssa.memory: exported; limits; sym_name
wasmssa.table: exported; sym_name; type
x86vector.avx512.mask.compress: constant_src
xegpu.alloc_nbarrier: nbarrier_num
xegpu.atomic_rmw: kind; layout
xegpu.convert_layout: input_layout; target_layout
xegpu.create_nd_tdesc: const_offsets; const_shape; const_strides; operandSegmentSizes
xegpu.dpas: layout_a; layout_b; layout_cd
xegpu.fence: fence_scope; memory_kind
xegpu.load xegpu.store: chunk_size; l1_hint; l2_hint; l3_hint; layout
xegpu.load_matrix xegpu.store_matrix: const_offsets; layout; subgroup_block_io
xegpu.load_nd: const_offsets; l1_hint; l2_hint; l3_hint; layout; packed; transpose
xegpu.prefetch: l1_hint; l2_hint; l3_hint; layout; offset_align_byte
xegpu.prefetch_nd xegpu.store_nd: const_offsets; l1_hint; l2_hint; l3_hint; layout
xegpu.update_nd_offset: const_offsets
xevm.blockload xevm.blockstore xevm.prefetch: cache_control
xevm.blockload2d: cache_control; elem_size_in_bits; pack_register; tile_height; tile_width; transpose; v_blocks
xevm.blockprefetch2d: cache_control; elem_size_in_bits; tile_height; tile_width; v_blocks
xevm.blockstore2d: cache_control; elem_size_in_bits; tile_height; tile_width
xevm.memfence: addrspace; scope
xevm.mma: shape; types
`;
