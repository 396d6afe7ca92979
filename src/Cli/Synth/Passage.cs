using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// One walk past a camera: which side is seen and how it turns, where in the street, how well the boxes sit, and what stands in between. Any frame of it can be
/// drawn on its own.
/// </summary>
internal sealed class Passage
{
    private const float Step = 0.55f;
    private readonly SynthSpec _spec;
    private readonly SynthCamera _camera;
    private readonly PlannedTracklet _tracklet;
    private readonly Figure _figure;
    private readonly Figure? _other;
    private readonly float _heading;
    private readonly float _turn;
    private readonly float _left;
    private readonly float _speed;
    private readonly float _phase;
    private readonly float _swing;
    private readonly float _exposure;
    private readonly float _zoom;
    private readonly Vector2 _shift;
    private readonly float _otherAt;
    private readonly Obstacle? _obstacle;

    public Passage(SynthSpec spec, SynthCamera camera, PlannedTracklet tracklet)
    {
        (_spec, _camera, _tracklet) = (spec, camera, tracklet);
        _figure = Seen(tracklet.Person);
        var random = Seeding.Stream(spec.Seed, "synth-passage", tracklet.Number, tracklet.Person, SynthSensors.WalkOf(spec.Layout, tracklet.Camera), tracklet.Sequence);
        var isReturning = random.NextBool(0.4);
        _heading = camera.MainHeading + (isReturning ? MathF.PI : 0) + (float)random.NextDouble(-0.35, 0.35);
        _turn = (float)random.NextDouble(-0.5, 0.5);
        _left = (float)random.NextDouble(0, 40);
        _speed = (isReturning ? -1 : 1) * (float)random.NextDouble(0.02, 0.06);
        _phase = (float)random.NextDouble(0, Math.Tau);
        _swing = (float)random.NextDouble(0.35, 0.6);
        _exposure = (float)random.NextDouble(0.86, 1.14);
        _zoom = (float)random.NextDouble(0.92, 1.07);
        _shift = new Vector2((float)random.NextDouble(-0.03, 0.03), (float)random.NextDouble(-0.025, 0.025));
        _obstacle = random.NextBool(0.2) ? new Obstacle(random) : null;
        if (random.NextBool(0.1))
        {
            _other = Seen(1_000_000 + random.NextInt(1000));
            _otherAt = (random.NextBool(0.5) ? 1 : -1) * (float)random.NextDouble(0.17, 0.3);
        }
    }

    /// <summary>The frame as the camera keeps it, in the canvas' picture: components from 0 to 1, some beyond.</summary>
    public void Draw(Canvas canvas, int frame)
    {
        var random = Seeding.Stream(_spec.Seed, "synth-frame", _tracklet.Number, _tracklet.Person, _tracklet.Camera, _tracklet.Sequence, frame);
        var time = _spec.FramesPerTracklet == 1 ? 0 : ((float)frame / (_spec.FramesPerTracklet - 1)) - 0.5f;
        var scale = canvas.Height * 0.9f * _zoom * (float)random.NextDouble(0.97, 1.03);
        var centre = canvas.Width * (0.5f + _shift.X + (float)random.NextDouble(-0.02, 0.02));
        var feet = canvas.Height * (0.955f + _shift.Y + (float)random.NextDouble(-0.012, 0.012));
        if (_spec.Misplacement > 0)
        {
            var misplaced = Seeding.Stream(_spec.Seed, "synth-misplacement", _tracklet.Number, _tracklet.Person, _tracklet.Camera, _tracklet.Sequence, frame);
            feet += canvas.Height * (float)misplaced.NextDouble(-_spec.Misplacement, _spec.Misplacement);
        }

        if (_tracklet.Number == PlannedTracklet.Junk)
        {
            // A detector's mistake: mostly street, at most a piece of somebody.
            centre += canvas.Width * 0.55f;
            feet += canvas.Height * 0.3f;
        }

        canvas.Clear();
        _camera.Scenery.Draw(canvas, _left + (frame * _speed));
        Shadow(canvas, centre, feet, scale);
        var pose = new Pose(_phase + (frame * Step), _swing);
        _figure.Draw(new Body(canvas, _heading + (_turn * time), _camera.Tilt, scale, centre, feet), pose);
        _other?.Draw(
            new Body(canvas, _heading + 2.5f, _camera.Tilt, scale, centre + ((_otherAt + (time * 0.12f)) * scale), feet - (0.03f * scale)),
            new Pose(_phase + 1 + (frame * Step), _swing));
        _obstacle?.Draw(canvas, time);
        canvas.Resolve();
        _camera.Expose(canvas, _exposure, random);
    }

    private Figure Seen(int person) => Appearance.Of(_spec.Seed, person) is var look && _camera.IsInfrared ? new Figure(InfraredLook.Of(look, _spec.Seed, person)) : new Figure(look);

    private static void Shadow(Canvas canvas, float centre, float feet, float scale)
    {
        var (wide, high) = (0.17f * scale, 0.028f * scale);
        for (var row = Math.Max(0, (int)(feet - high)); row < Math.Min(canvas.Height, feet + high); row++)
        {
            for (var column = Math.Max(0, (int)(centre - wide)); column < Math.Min(canvas.Width, centre + wide); column++)
            {
                var (x, y) = ((column - centre) / wide, (row - feet) / high);
                var inside = 1 - (x * x) - (y * y);
                if (inside > 0)
                {
                    canvas.Darken(column, row, 1 - (0.45f * MathF.Sqrt(inside)));
                }
            }
        }
    }
}
