using System.Security.Cryptography;
using System.Text;

namespace ReidCloud.Reports.Page;

/// <summary>
/// How pages look: light and dark as the reader's system is, light on paper. Every color stands once for each, under a name; text has a contrast of at least 4.5 : 1 to what it
/// is on, and no meaning hangs on color alone. No element has a style of its own, so that the policy needs to allow this one sheet and nothing else.
/// </summary>
public static class PageStyle
{
    public const string Text =
        """

        :root {
          --page: #ffffff; --panel: #f4f6f8; --ink: #1b2430; --soft: #4d5866; --rule: #d3d9e0; --grid: #dfe4ea; --accent: #0b5cad; --focus: #0b5cad;
          --right: #0a6b3d; --wrong: #b3261e; --warn-ink: #6b4300; --warn-page: #fff4dc; --warn-rule: #b37400; --dots: #a3adb9;
          --s1: #0b62a8; --s2: #a94400; --s3: #0a6e4e; --s4: #86348a; --s5: #735500; --s6: #a3213e; --s7: #0d6472; --s8: #4b5563;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --page: #12161b; --panel: #1b2128; --ink: #e6eaef; --soft: #aab4c0; --rule: #39424d; --grid: #2b333d; --accent: #79b8ff; --focus: #ffd166;
            --right: #5fd39a; --wrong: #ff9a90; --warn-ink: #ffdc9c; --warn-page: #33270f; --warn-rule: #d69a2d; --dots: #66717e;
            --s1: #6cb6ff; --s2: #ff9d5c; --s3: #4fd1a5; --s4: #e39be0; --s5: #e5c55c; --s6: #ff8fa3; --s7: #66d3e2; --s8: #b3bcc8;
          }
        }
        * { box-sizing: border-box; }
        html { color-scheme: light dark; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: break-word; }
        header, nav, main, footer { max-width: 62rem; margin-inline: auto; padding-inline: 1rem; }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
        main:focus { outline: none; }
        .skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--panel); }
        .skip:focus { top: .5rem; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        h1 { font-size: 1.25rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.3rem; margin: 0 0 .75rem; }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
        h4 { font-size: 1rem; margin: 0; }
        p { margin: .5rem 0; max-width: 46rem; }
        section { border-top: 1px solid var(--rule); padding-top: 1.25rem; margin-top: 2rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0; padding: 0; list-style: none; font-size: .95rem; }
        nav a { display: inline-block; padding-block: .2rem; }
        .kind { color: var(--soft); margin-top: 1rem; overflow-wrap: anywhere; }
        .answer { font-size: 1.35rem; line-height: 1.4; font-weight: 600; max-width: 52rem; }
        .besides { font-size: 1.1rem; max-width: 52rem; }
        .warnings { border: 1px solid var(--warn-rule); border-left-width: .4rem; background: var(--warn-page); color: var(--warn-ink); padding: .5rem 1rem; margin-block: 1rem; }
        .warnings ul { margin: .25rem 0; padding-left: 1.2rem; }
        .soft, .note { color: var(--soft); }
        .note { font-size: .9rem; }
        .scroll { overflow-x: auto; margin-block: .75rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .95rem; }
        caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
        th, td { padding: .3rem .7rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th { font-weight: 600; }
        thead th { color: var(--soft); vertical-align: bottom; }
        .w1 :is(th, td):nth-child(-n+1), .w2 :is(th, td):nth-child(-n+2), .w3 :is(th, td):nth-child(-n+3), .w9 :is(th, td) { text-align: left; }
        .w9 td { white-space: normal; overflow-wrap: anywhere; }
        td small { display: block; color: var(--soft); font-size: .82rem; }
        .dense :is(thead th, tbody th, td small) { white-space: normal; } .dense td:has(span) { min-width: 7.6rem; }
        .better { color: var(--right); } .worse { color: var(--wrong); }
        .hash { font: .9rem/1.65 ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 1.5rem; align-items: start; }
        .beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1.5rem; }
        @media (min-width: 60rem) { .beside { grid-template-columns: max-content minmax(0, 1fr); } }
        figure { margin: .75rem 0; }
        figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .25rem; }
        svg { display: block; width: 100%; max-width: 34rem; height: auto; }
        svg.key { display: inline-block; width: .95rem; vertical-align: -.1rem; margin-right: .35rem; } svg.line-key { width: 1.9rem; }
        svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: var(--ink); }
        svg .mid { text-anchor: middle; } svg .end { text-anchor: end; }
        svg .axis text { fill: var(--soft); } svg .axis line { stroke: var(--grid); }
        .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); } .s8 { --c: var(--s8); }
        .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
        .s2 .line { stroke-dasharray: 6 3; } .s3 .line { stroke-dasharray: 2 3; } .s4 .line { stroke-dasharray: 9 3 2 3; } .s5 .line { stroke-dasharray: 12 4; } .s6 .line { stroke-dasharray: 4 2; } .s7 .line { stroke-dasharray: 1 2; } .s8 .line { stroke-dasharray: 14 3 2 3 2 3; }
        circle { fill: var(--c); } .band { fill: var(--c); opacity: .16; } .bar { fill: none; stroke: var(--c); stroke-width: 1.6; }
        .mark { fill: var(--c); } .hollow { fill: var(--page); stroke: var(--c); stroke-width: 1.2; } .rest { fill: var(--dots); } .plane { fill: var(--page); stroke: var(--rule); }
        svg text.label { fill: var(--c); font-weight: 600; } .column { fill: var(--c); }
        details { margin-block: .5rem; }
        summary { cursor: pointer; color: var(--accent); padding-block: .2rem; width: fit-content; }
        .maps { display: flex; flex-wrap: wrap; gap: 0 2.5rem; } .maps > div { min-width: 0; max-width: 100%; }
        .heat { border-spacing: 2px; border-collapse: separate; font-size: .85rem; }
        .heat th, .heat td { border: 0; padding: .3rem .4rem; text-align: center; }
        .heat tbody th { text-align: right; } .heat .corner { color: var(--soft); text-align: right; } .heat .corner span { display: block; } .heat .none { color: var(--soft); }
        .heat td, .scale i { background: var(--h); color: var(--hi); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        .h0 { --h: #00224e; --hi: #fff; } .h1 { --h: #123570; --hi: #fff; } .h2 { --h: #3b496c; --hi: #fff; } .h3 { --h: #575d6d; --hi: #fff; } .h4 { --h: #707173; --hi: #fff; }
        .h5 { --h: #8a8678; --hi: #000; } .h6 { --h: #a59c74; --hi: #000; } .h7 { --h: #c3b369; --hi: #000; } .h8 { --h: #e1cc55; --hi: #000; } .h9 { --h: #fee838; --hi: #000; }
        .heat .corner, .heat .none { background: none; }
        .scale { display: flex; align-items: center; gap: .4rem; font-size: .85rem; color: var(--soft); } .scale i { width: 1.4rem; height: .8rem; margin-left: -.4rem; } .scale i:first-of-type { margin-left: 0; }
        .ranks { border: 1px solid var(--rule); background: var(--panel); padding: .75rem 1rem; margin-block: .75rem; }
        .ranks h4 { overflow-wrap: anywhere; } .ranks h5 { margin: .6rem 0 .3rem; font-size: .9rem; color: var(--soft); }
        .strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.3rem, 1fr)); gap: .5rem; margin: 0; padding: 0; list-style: none; }
        .strip li, .seen figure { margin: 0; font-size: .78rem; line-height: 1.3; overflow-wrap: anywhere; }
        .strip img, .asked img, .seen img { display: block; width: 100%; height: auto; aspect-ratio: 1 / 2; object-fit: contain; background: var(--page); }
        .strip li img { border: 3px solid var(--rule); } .strip .right img { border-color: var(--right); } .strip .wrong img { border-color: var(--wrong); border-style: dashed; }
        .right b { color: var(--right); } .wrong b { color: var(--wrong); }
        .found { display: grid; grid-template-columns: 4.7rem minmax(0, 1fr); gap: .9rem; margin-top: .5rem; } .asked { font-size: .78rem; color: var(--soft); } .found h5:first-child { margin-top: 0; }
        .seen { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; } .seen figure { width: 4.6rem; } .seen > div { display: flex; gap: .35rem; padding: .5rem; background: var(--panel); } .seen figcaption { font-weight: 400; font-size: .78rem; }
        .legend { list-style: none; padding: 0; margin: .25rem 0; display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .85rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: .75rem 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        pre, code { font: .88rem/1.45 ui-monospace, "Liberation Mono", monospace; } pre { background: var(--panel); border: 1px solid var(--rule); padding: .75rem 1rem; overflow-x: auto; }
        footer { color: var(--soft); font-size: .9rem; border-top: 1px solid var(--rule); margin-top: 2.5rem; padding-block: 1rem 2rem; overflow-wrap: anywhere; }
        @media (max-width: 32rem) {
          .answer { font-size: 1.15rem; } th, td { padding: .3rem .35rem; } table { font-size: .86rem; } tbody th, thead th, td small, caption { white-space: normal; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
          .strip { grid-template-columns: repeat(auto-fill, minmax(3.3rem, 1fr)); gap: .35rem; } .seen figure { width: 4.2rem; } .found { grid-template-columns: 3.6rem minmax(0, 1fr); gap: .6rem; } .ranks { padding: .6rem; }
        }
        @media print {
          @page { margin: 15mm; }
          body { font-size: 10pt; } nav, .skip, summary { display: none; } header, main, footer { max-width: none; padding: 0; }
          a { color: inherit; text-decoration: none; } .scroll { overflow: visible; } pre { white-space: pre-wrap; }
          h2, h3, h4, caption { break-after: avoid; } .scroll, figure, .ranks, tr, .warnings, .seen > div, .scale { break-inside: avoid; }
          .charts { grid-template-columns: 1fr 1fr; } .beside { grid-template-columns: max-content minmax(0, 1fr); } .beside table { font-size: 8.5pt; }
          .maps > div, .strip li { break-inside: avoid; } h2 + p, h3 + p, section > .note { break-after: avoid; }
          .strip { grid-template-columns: repeat(10, 1fr); } .found { grid-template-columns: 14mm minmax(0, 1fr); } .strip li { font-size: 6.5pt; } img, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """;

    /// <summary>As a content security policy names it.</summary>
    public static string Hash { get; } = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}";
}
