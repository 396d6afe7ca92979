namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, epoch by epoch. Making one takes the step to epoch 0.</summary>
            public abstract class LRScheduler
            {
                private readonly List<double> _last;
                private protected readonly Optimizer _optimizer;
                private protected readonly List<double> _base;
                private protected int _epoch;
                protected int _step_count;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    if (verbose) throw new NotSupportedException("A scheduler that prints: only in the real TorchSharp package.");
                    _optimizer = optimizer;
                    _epoch = last_epoch;
                    _base = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToList();
                    _last = optimizer.ParamGroups.Select(group => group.LearningRate).ToList();
                }

                public virtual void step() => step(null);

                /// <summary>With an epoch: straight to it, by the closed form.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _epoch = epoch ?? _epoch + 1;
                    var rates = (epoch is null ? get_lr() : get_closed_form_lr()).ToList();
                    var i = 0;
                    foreach (var group in _optimizer.ParamGroups)
                    {
                        group.LearningRate = _last[i] = rates[i];
                        i++;
                    }
                }

                /// <summary>These schedules do not look at a metric.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                protected virtual IEnumerable<double> get_lr() => _optimizer.ParamGroups.Select(group => group.LearningRate);

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public IEnumerable<double> get_last_lr() => _last;

                private protected IEnumerable<double> Scaled(double factor) => _optimizer.ParamGroups.Select(group => group.LearningRate * factor);
            }

            public static partial class impl
            {
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double> _factor;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        _factor = lr_lambda;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base.Select(rate => rate * _factor(_epoch));
                }

                public class StepLR : LRScheduler
                {
                    private readonly int _size;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_size, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _epoch == 0 || _epoch % _size != 0 ? base.get_lr() : Scaled(_gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => _base.Select(rate => rate * Math.Pow(_gamma, _epoch / _size));
                }

                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = (milestones, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _milestones.Contains(_epoch) ? Scaled(_gamma) : base.get_lr();

                    protected override IEnumerable<double> get_closed_form_lr()
                        => _base.Select(rate => rate * Math.Pow(_gamma, _milestones.Distinct().Count(milestone => milestone <= _epoch)));
                }
            }

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                => new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);
        }
    }
}
