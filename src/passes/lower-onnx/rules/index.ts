import type { Lowering } from "../lowering.ts";
import { shapeRules } from "./shape.ts";
import { activationRules } from "./activation.ts";
import { arithmeticRules } from "./arithmetic.ts";
import { castRules } from "./cast.ts";
import { gatherRules } from "./gather.ts";
import { generatorRules } from "./generator.ts";
import { logicalRules } from "./logical.ts";
import { padRules } from "./pad.ts";
import { reductionRules } from "./reduction.ts";
import { resizeRules } from "./resize.ts";
import { scatterRules } from "./scatter.ts";
import { convolutionRules } from "./convolution.ts";
import { transposedConvolutionRules } from "./transposed-convolution.ts";
import { deformableConvolutionRules } from "./deformable-convolution.ts";
import { poolingRules } from "./pooling.ts";
import { regionPoolingRules } from "./region-pooling.ts";
import { quantizationRules } from "./quantization.ts";
import { normalizationRules } from "./normalization.ts";
import { quantizedProductsRules } from "./quantized-products.ts";
import { linearAlgebraRules } from "./linear-algebra.ts";
import { einsumRules } from "./einsum.ts";
import { determinantRules } from "./determinant.ts";
import { fusedActivationRules } from "./fused-activation.ts";
import { quantizedArithmeticRules } from "./quantized-arithmetic.ts";
import { packedMatmulRules } from "./packed-matmul.ts";
import { controlFlowRules } from "./control-flow.ts";
import { loopRules } from "./loop.ts";
import { scanRules } from "./scan.ts";
import { orderRules } from "./order.ts";
import { uniqueRules } from "./unique.ts";
import { recurrentRules } from "./recurrent.ts";
import { sequenceRules } from "./sequence.ts";
import { samplingRules } from "./sampling.ts";
import { subgraphScanRules } from "./subgraph-scan.ts";
import { lossRules } from "./loss.ts";
import { detectionRules } from "./detection.ts";
import { textRules } from "./text.ts";
import { nGramsRules } from "./n-grams.ts";
import { labelEncoderRules } from "./label-encoder.ts";
import { attentionRules } from "./attention.ts";
import { fourierRules } from "./fourier.ts";
import { treeEnsembleRules } from "./tree-ensemble.ts";
import { mlRules } from "./ml.ts";
import { linearModelsRules } from "./linear-models.ts";
import { trainingRules } from "./training.ts";

/** Every lowering, by operation name: rules of a new theme are registered here and nowhere else. */
export const loweringRules: ReadonlyMap<string, Lowering> = new Map(
  [
    ...arithmeticRules,
    ...logicalRules,
    ...activationRules,
    ...reductionRules,
    ...shapeRules,
    ...castRules,
    ...gatherRules,
    ...padRules,
    ...resizeRules,
    ...generatorRules,
    ...scatterRules,
    ...convolutionRules,
    ...transposedConvolutionRules,
    ...deformableConvolutionRules,
    ...poolingRules,
    ...regionPoolingRules,
    ...quantizationRules,
    ...normalizationRules,
    ...quantizedProductsRules,
    ...linearAlgebraRules,
    ...einsumRules,
    ...determinantRules,
    ...fusedActivationRules,
    ...quantizedArithmeticRules,
    ...packedMatmulRules,
    ...controlFlowRules,
    ...loopRules,
    ...scanRules,
    ...orderRules,
    ...uniqueRules,
    ...recurrentRules,
    ...sequenceRules,
    ...samplingRules,
    ...subgraphScanRules,
    ...lossRules,
    ...detectionRules,
    ...textRules,
    ...nGramsRules,
    ...labelEncoderRules,
    ...attentionRules,
    ...fourierRules,
    ...treeEnsembleRules,
    ...mlRules,
    ...linearModelsRules,
    ...trainingRules,
  ].map((rule) => [rule.name, rule]),
);
