using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Element by element, one operand.</summary>
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.abs.Call(this);
        public Tensor abs_() => InPlace(Aten.abs_);
        public Tensor acos() => Aten.acos.Call(this);
        public Tensor acos_() => InPlace(Aten.acos_);
        public Tensor asin() => Aten.asin.Call(this);
        public Tensor asin_() => InPlace(Aten.asin_);
        public Tensor atan() => Aten.atan.Call(this);
        public Tensor atan_() => InPlace(Aten.atan_);
        public Tensor ceil() => Aten.ceil.Call(this);
        public Tensor ceil_() => InPlace(Aten.ceil_);
        public Tensor cos() => Aten.cos.Call(this);
        public Tensor cos_() => InPlace(Aten.cos_);
        public Tensor cosh() => Aten.cosh.Call(this);
        public Tensor cosh_() => InPlace(Aten.cosh_);
        public Tensor erf() => Aten.erf.Call(this);
        public Tensor erfc() => Aten.erfc.Call(this);
        public Tensor exp() => Aten.exp.Call(this);
        public Tensor exp_() => InPlace(Aten.exp_);
        public Tensor expm1() => Aten.expm1.Call(this);
        public Tensor expm1_() => InPlace(Aten.expm1_);
        public Tensor floor() => Aten.floor.Call(this);
        public Tensor floor_() => InPlace(Aten.floor_);
        public Tensor frac() => Aten.frac.Call(this);
        public Tensor frac_() => InPlace(Aten.frac_);
        public Tensor log() => Aten.log.Call(this);
        public Tensor log_() => InPlace(Aten.log_);
        public Tensor log10() => Aten.log10.Call(this);
        public Tensor log10_() => InPlace(Aten.log10_);
        public Tensor log1p() => Aten.log1p.Call(this);
        public Tensor log1p_() => InPlace(Aten.log1p_);
        public Tensor log2() => Aten.log2.Call(this);
        public Tensor log2_() => InPlace(Aten.log2_);
        public Tensor neg() => Aten.neg.Call(this);
        public Tensor neg_() => InPlace(Aten.neg_);
        public Tensor reciprocal() => Aten.reciprocal.Call(this);
        public Tensor reciprocal_() => InPlace(Aten.reciprocal_);
        public Tensor round(long decimals = 0L) => decimals == 0 ? Aten.round.Call(this) : Aten.round_decimals.Call(this, decimals);
        public Tensor round_(long decimals = 0L) => decimals == 0 ? InPlace(Aten.round_) : InPlace(Aten.round__decimals, decimals);
        public Tensor rsqrt() => Aten.rsqrt.Call(this);
        public Tensor rsqrt_() => InPlace(Aten.rsqrt_);
        public Tensor sigmoid() => Aten.sigmoid.Call(this);
        public Tensor sigmoid_() => InPlace(Aten.sigmoid_);
        public Tensor sign() => Aten.sign.Call(this);
        public Tensor sign_() => InPlace(Aten.sign_);
        public Tensor sin() => Aten.sin.Call(this);
        public Tensor sin_() => InPlace(Aten.sin_);
        public Tensor sinh() => Aten.sinh.Call(this);
        public Tensor sinh_() => InPlace(Aten.sinh_);
        public Tensor sqrt() => Aten.sqrt.Call(this);
        public Tensor sqrt_() => InPlace(Aten.sqrt_);
        public Tensor square() => Aten.square.Call(this);
        public Tensor tan() => Aten.tan.Call(this);
        public Tensor tan_() => InPlace(Aten.tan_);
        public Tensor tanh() => Aten.tanh.Call(this);
        public Tensor tanh_() => InPlace(Aten.tanh_);
        public Tensor trunc() => Aten.trunc.Call(this);
        public Tensor trunc_() => InPlace(Aten.trunc_);
        public Tensor erf_() => InPlace(Aten.erf_);
        public Tensor erfc_() => InPlace(Aten.erfc_);
        public Tensor negative() => neg();
        public Tensor absolute() => abs();
        public Tensor positive() => Aten.positive.Call(this);
        public Tensor relu() => Aten.relu.Call(this);
        public Tensor relu_() => InPlace(Aten.relu_);
        public Tensor relu6() => Aten.relu6.Call(this);
        public Tensor relu6_() => InPlace(Aten.relu6_);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.leaky_relu.Call(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => InPlace(Aten.leaky_relu_, negative_slope);
        public Tensor gelu() => Aten.gelu.Call(this);
        public Tensor silu() => Aten.silu.Call(this);
        public Tensor silu_() => InPlace(Aten.silu_);
        public Tensor hardsigmoid() => Aten.hardsigmoid.Call(this);
        public Tensor hardswish() => Aten.hardswish.Call(this);
        public Tensor log_sigmoid() => Aten.log_sigmoid.Call(this);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.softplus.Call(this, beta, threshold);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.softmax_int.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.log_softmax_int.Call(this, dim, dtype);
        public Tensor logical_not() => Aten.logical_not.Call(this);
        public Tensor logical_not_() => InPlace(Aten.logical_not_);
        public Tensor bitwise_not() => Aten.bitwise_not.Call(this);
        public Tensor isnan() => Aten.isnan.Call(this);
        public Tensor isinf() => Aten.isinf.Call(this);
        public Tensor isfinite() => Aten.isfinite.Call(this);
        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null) => Aten.nan_to_num.Call(this, nan, posinf, neginf);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.clamp_Tensor.Call(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace(Aten.clamp_, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => InPlace(Aten.clamp__Tensor, min, max);
        public Tensor clamp_max(Scalar max) => Aten.clamp_max.Call(this, max);
        public Tensor clamp_max_(Scalar max) => InPlace(Aten.clamp_max_, max);
        public Tensor clamp_min(Scalar min) => Aten.clamp_min.Call(this, min);
        public Tensor clamp_min_(Scalar min) => InPlace(Aten.clamp_min_, min);

        private Tensor InPlace(Op op)
        {
            op.Run(this);
            return this;
        }

        private Tensor InPlace(Op op, Value second)
        {
            op.Run(this, second);
            return this;
        }

        private Tensor InPlace(Op op, Value second, Value third)
        {
            op.Run(this, second, third);
            return this;
        }

        private Tensor InPlace(Op op, Value second, Value third, Value fourth)
        {
            op.Run(this, second, third, fourth);
            return this;
        }
    }

    public static Tensor abs(Tensor input) => input.abs();
    public static Tensor acos(Tensor input) => input.acos();
    public static Tensor asin(Tensor input) => input.asin();
    public static Tensor atan(Tensor input) => input.atan();
    public static Tensor ceil(Tensor input) => input.ceil();
    public static Tensor cos(Tensor input) => input.cos();
    public static Tensor cosh(Tensor input) => input.cosh();
    public static Tensor erf(Tensor input) => input.erf();
    public static Tensor erfc(Tensor input) => input.erfc();
    public static Tensor exp(Tensor input) => input.exp();
    public static Tensor expm1(Tensor input) => input.expm1();
    public static Tensor floor(Tensor input) => input.floor();
    public static Tensor frac(Tensor input) => input.frac();
    public static Tensor log(Tensor input) => input.log();
    public static Tensor log10(Tensor input) => input.log10();
    public static Tensor log1p(Tensor input) => input.log1p();
    public static Tensor log2(Tensor input) => input.log2();
    public static Tensor neg(Tensor input) => input.neg();
    public static Tensor reciprocal(Tensor input) => input.reciprocal();
    public static Tensor round(Tensor input, long decimals = 0L) => input.round(decimals);
    public static Tensor rsqrt(Tensor input) => input.rsqrt();
    public static Tensor sigmoid(Tensor input) => input.sigmoid();
    public static Tensor sign(Tensor input) => input.sign();
    public static Tensor sin(Tensor input) => input.sin();
    public static Tensor sinh(Tensor input) => input.sinh();
    public static Tensor sqrt(Tensor input) => input.sqrt();
    public static Tensor square(Tensor input) => input.square();
    public static Tensor tan(Tensor input) => input.tan();
    public static Tensor tanh(Tensor input) => input.tanh();
    public static Tensor trunc(Tensor input) => input.trunc();
    public static Tensor negative(Tensor input) => input.neg();
    public static Tensor absolute(Tensor input) => input.abs();
    public static Tensor logical_not(Tensor input) => input.logical_not();
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();
    public static Tensor isnan(Tensor input) => input.isnan();
    public static Tensor isinf(Tensor tensor) => tensor.isinf();
    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();
    public static Tensor nan_to_num(Tensor input, double nan = 0d, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);
    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);
    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);
    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);
    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);
}
