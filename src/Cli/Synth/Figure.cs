using System.Numerics;

namespace ReidCloud.Cli.Synth;

/// <summary>How a walker stands at one moment: the phase of the step and how far the legs swing.</summary>
internal readonly record struct Pose(float Phase, float Swing);

/// <summary>A person of an <see cref="Appearance"/>, part by part from the feet up.</summary>
internal sealed class Figure(Appearance look)
{
    private const float Hip = 0.49f;
    private const float AnkleHeight = 0.045f;
    private const float Shoulder = 0.795f;

    private static readonly Vector2[] Head =
        [new(0.018f, 0.022f), new(0.042f, 0.050f), new(0.052f, 0.061f), new(0.056f, 0.067f), new(0.054f, 0.066f), new(0.042f, 0.052f), new(0.004f, 0.005f)];

    private static readonly Vector2[] LongHair = [new(0.045f, 0.020f), new(0.062f, 0.034f), new(0.064f, 0.045f), new(0.055f, 0.040f)];
    private static readonly Vector2[] Pack = [new(0.070f, 0.040f), new(0.088f, 0.058f), new(0.090f, 0.060f), new(0.084f, 0.056f), new(0.060f, 0.036f)];
    private static readonly Vector2[] Bag = [new(0.022f, 0.055f), new(0.034f, 0.070f), new(0.034f, 0.070f), new(0.026f, 0.060f)];

    private readonly Clothing _clothing = new(look);

    public void Draw(Body body, Pose pose)
    {
        var build = look.Build;
        var stride = look.LongCoat || look.Skirt ? pose.Swing * 0.6f : pose.Swing;
        var (left, right) = (LegOf(pose.Phase, stride, 1, build), LegOf(pose.Phase + MathF.PI, stride, -1, build));
        body.Lower(Math.Min(left.Ankle.Y, right.Ankle.Y) - AnkleHeight);
        Leg(body, left, build);
        Leg(body, right, build);
        Torso(body, build);
        Arm(body, pose.Phase + MathF.PI, pose.Swing, 1, build);
        Arm(body, pose.Phase, pose.Swing, -1, build);
        HeadAndHair(body);
        Luggage(body, build);
    }

    /// <summary>Legs that stride are shorter than legs that stand: the lower foot is on the ground, and the whole body bobs.</summary>
    private static (Vector3 Hip, Vector3 Knee, Vector3 Ankle) LegOf(float phase, float swing, int side, float build)
    {
        var forward = MathF.Sin(phase) * swing;
        var lift = Math.Max(0, MathF.Cos(phase)) * swing;
        var hip = new Vector3(side * 0.045f * build, Hip + 0.01f, 0);
        var knee = hip + new Vector3(0, -0.235f * MathF.Cos(forward * 0.8f), (0.235f * MathF.Sin(forward * 0.8f)) + (0.06f * lift));
        var bend = forward - (0.9f * lift);
        return (hip, knee, knee + new Vector3(0, -0.215f * MathF.Cos(bend), 0.215f * MathF.Sin(bend)));
    }

    private void Leg(Body body, (Vector3 Hip, Vector3 Knee, Vector3 Ankle) leg, float build)
    {
        var (hip, knee, ankle) = leg;
        var sole = ankle + new Vector3(0, -0.022f, 0);
        body.Limb(hip, knee, 0.062f * build, 0.046f * build, _clothing.Thigh);
        body.Limb(knee, ankle, look.Shorts || look.Skirt ? 0.034f : 0.045f * build, look.Shorts || look.Skirt ? 0.022f : 0.034f, _clothing.Shin);
        body.Limb(sole + new Vector3(0, 0, -0.012f), sole + new Vector3(0, -0.006f, 0.068f), 0.026f, 0.020f, _clothing.Shoe);
    }

    private void Torso(Body body, float build)
    {
        Vector2[] slices =
        [
            new(0.098f * build, 0.072f * build), new(0.100f * build, 0.074f * build), new(0.096f * build, 0.066f * build), new(0.104f * build, 0.070f * build),
            new(0.114f * build, 0.076f * build), new(0.122f * build, 0.074f * build), new(0.124f * build, 0.068f), new(0.098f * build, 0.056f), new(0.044f, 0.040f),
        ];
        if (look.Skirt)
        {
            body.Lathe(0.31f, 0.53f, default, [new(0.145f * build, 0.135f * build), new(0.128f * build, 0.108f * build), new(0.102f * build, 0.076f * build)], _clothing.Skirt);
        }

        body.Lathe(0.475f, 0.865f, default, slices, _clothing.Torso);
        if (look.LongCoat)
        {
            body.Lathe(0.27f, 0.52f, default, [new(0.138f * build, 0.138f * build), new(0.122f * build, 0.108f * build), new(0.104f * build, 0.078f * build)], _clothing.CoatSkirt);
        }

        if (look.Hood)
        {
            body.Lathe(0.795f, 0.885f, new Vector2(0, -0.045f), [new(0.050f, 0.022f), new(0.075f, 0.045f), new(0.062f, 0.038f)], _clothing.HoodCloth);
        }
    }

    private void Arm(Body body, float phase, float swing, int side, float build)
    {
        var forward = MathF.Sin(phase) * swing * 0.8f;
        var shoulder = new Vector3(side * 0.118f * build, Shoulder - 0.005f, 0);
        var elbow = shoulder + new Vector3(side * 0.022f, -0.165f * MathF.Cos(forward), 0.165f * MathF.Sin(forward));
        var bend = forward + 0.35f;
        var wrist = elbow + new Vector3(0, -0.15f * MathF.Cos(bend), 0.15f * MathF.Sin(bend));
        body.Limb(shoulder, elbow, 0.038f * build, 0.033f * build, _clothing.UpperArm);
        body.Limb(elbow, wrist, look.LongSleeves ? 0.034f * build : 0.027f, look.LongSleeves ? 0.028f : 0.020f, _clothing.Forearm);
        body.Limb(wrist, wrist + new Vector3(0, -0.03f, 0.005f), 0.022f, 0.018f, _clothing.Hand);
    }

    private void HeadAndHair(Body body)
    {
        body.Lathe(0.83f, 0.90f, default, [new(0.036f, 0.036f), new(0.032f, 0.034f)], _clothing.Neck);
        body.Lathe(0.866f, 1.0f, new Vector2(0, 0.008f), Head, _clothing.Head);
        if (look.LongHair)
        {
            body.Lathe(0.76f, 0.93f, new Vector2(0, -0.045f), LongHair, _clothing.Hair);
        }

        if (look.Hat is not null)
        {
            body.Lathe(0.955f, 1.008f, new Vector2(0, 0.006f), [new(0.062f, 0.073f), new(0.060f, 0.070f), new(0.040f, 0.050f)], _clothing.Hat);
            body.Lathe(0.952f, 0.962f, new Vector2(0, 0.055f), [new(0.045f, 0.050f), new(0.045f, 0.050f)], _clothing.Hat);
        }
    }

    private void Luggage(Body body, float build)
    {
        if (look.Backpack is not null)
        {
            body.Lathe(0.56f, 0.83f, new Vector2(0, -0.105f * build), Pack, _clothing.Backpack);
        }

        if (look.Carried != Carried.Nothing)
        {
            var side = look.Carried == Carried.BagOnTheLeft ? 1 : -1;
            body.Lathe(0.40f, 0.53f, new Vector2(side * 0.150f * build, -0.01f), Bag, _clothing.Bag);
        }
    }
}
