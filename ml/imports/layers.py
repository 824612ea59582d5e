"""The parts of Keras that an imported network may be made of. What is not on this list is refused, however harmless.

Left out on purpose, because they run code or read files that the model brings along or names: Lambda, TFSMLayer,
TorchModuleWrapper, JaxLayer, FlaxLayer, TextVectorization, StringLookup, IntegerLookup and everything of their kind.
"""

from typing import Final

_LAYERS: Final = """
    InputLayer Dense Activation Conv1D Conv2D Conv1DTranspose Conv2DTranspose SeparableConv1D SeparableConv2D
    DepthwiseConv1D DepthwiseConv2D MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D
    BatchNormalization LayerNormalization GroupNormalization UnitNormalization Normalization Rescaling Resizing
    Dropout SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    RandomFlip RandomRotation RandomTranslation RandomZoom RandomContrast RandomBrightness
    Flatten Reshape Permute RepeatVector ZeroPadding1D ZeroPadding2D Cropping1D Cropping2D UpSampling1D UpSampling2D
    Add Subtract Multiply Average Maximum Minimum Concatenate Dot ReLU LeakyReLU PReLU ELU Softmax Identity
    LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell Bidirectional TimeDistributed
    Attention AdditiveAttention MultiHeadAttention
"""
_INITIALIZERS: Final = """
    Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling Orthogonal Identity
    IdentityInitializer OrthogonalInitializer GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal LecunUniform
"""
_OPERATIONS: Final = """
    Add Subtract Multiply Divide TrueDivide Mean Sum Max Min Maximum Minimum Abs Square Sqrt Exp Log Power Negative
    Reshape Transpose Squeeze ExpandDims Concatenate Matmul Clip
"""
_ACTIVATIONS: Final = "Relu Relu6 Sigmoid Softmax Silu Gelu Elu Selu LeakyRelu HardSigmoid HardSwish HardSilu Softplus"

ALLOWED: Final[dict[str, frozenset[str]]] = {
    "keras": frozenset({"Sequential", "Functional", "Model", "DTypePolicy"}),
    "keras.models": frozenset({"Sequential", "Functional", "Model"}),
    "keras.src.models.functional": frozenset({"Functional"}),
    "keras.src.models.sequential": frozenset({"Sequential"}),
    "keras.dtype_policies": frozenset({"DTypePolicy"}),
    "keras.layers": frozenset(_LAYERS.split()),
    "keras.initializers": frozenset(_INITIALIZERS.split()),
    "keras.regularizers": frozenset({"L1", "L2", "L1L2", "OrthogonalRegularizer"}),
    "keras.constraints": frozenset({"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}),
    "keras.src.ops.numpy": frozenset(_OPERATIONS.split()),
    "keras.src.ops.nn": frozenset(_ACTIVATIONS.split()),
}
"""Class names by module, as Keras 3 writes them in ``config.json``."""

MODELS: Final = ("Sequential", "Functional", "Model")
"""What the outermost object, and a network within a network, may be."""

COMPILED: Final = frozenset({"keras.optimizers", "keras.optimizers.schedules", "keras.losses", "keras.metrics"})
"""Modules of what a model was trained with. It is checked, then dropped: nothing of it is ever made."""
