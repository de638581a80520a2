/// The look of the report page: light and dark, wide and narrow, screen and paper.
enum StyleSheet {
  static let text = """
    :root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1d1f21; --soft: #5c6166; --line: #d9d9d4;
      --card: #ffffff; --band: #f4f4f0; --link: #005a8c; --good: #00694d; --bad: #a83c00; --unsure: #6b5a00; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #16181a; --ink: #e4e4e1; --soft: #a3a8ad; --line: #3a3e42; --card: #f3f3ef; --band: #1e2124;
        --link: #7cc0e8; --good: #4fcaa5; --bad: #ff9a5c; --unsure: #e0c55a; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
    .page { max-width: 56rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; font-weight: 650; letter-spacing: -.01em;
      text-wrap: balance; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .9rem; padding-top: .9rem; font-weight: 650;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 .6rem; font-weight: 650; }
    p { margin: 0 0 .9rem; max-width: 44rem; overflow-wrap: anywhere; }
    a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
    sub, sup { font-size: .72em; line-height: 0; }
    .reference, .note { color: var(--soft); }
    .note { font-size: .875rem; }
    .summary { font-size: 1.125rem; }
    nav ul { list-style: none; margin: 1.5rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem;
      font-size: .9375rem; }
    .scroll { overflow-x: auto; margin: 0 0 1rem; }
    table { border-collapse: collapse; width: 100%; font-size: .9375rem; line-height: 1.45; }
    caption { text-align: left; padding-bottom: .5rem; }
    th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
    th { font-weight: 600; color: var(--soft); font-size: .84rem; white-space: nowrap; }
    td:last-child, th:last-child { padding-right: 0; }
    .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .formula { min-width: 10rem; }
    .words { min-width: 11rem; }
    ol.claims { list-style: none; margin: 0; padding: 0; }
    ol.claims li { padding: .85rem 0; border-bottom: 1px solid var(--line); display: grid;
      grid-template-columns: 8.5rem 1fr; gap: .2rem 1rem; }
    ol.claims p { margin: 0; }
    ol.claims .evidence { grid-column: 2; color: var(--soft); font-size: .9375rem; }
    .badge { display: inline-block; align-self: start; justify-self: start; font-size: .8rem; line-height: 1.3;
      font-weight: 600; padding: .16rem .55rem; border: 1px solid currentColor; border-radius: 1rem; white-space: nowrap; }
    .good { color: var(--good); } .bad { color: var(--bad); } .unsure { color: var(--unsure); }
    figure { margin: 0 0 2.75rem; }
    .card { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem;
      margin: 0 0 .75rem; }
    .card img { display: block; width: 100%; max-width: 46rem; height: auto; margin: 0 auto; }
    .absent { color: #555; text-align: center; padding: 2rem 0; margin: 0 auto; }
    figcaption p { margin-bottom: .4rem; }
    .files { font-size: .875rem; color: var(--soft); }
    .files a { margin-right: .8rem; }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .45rem 1.25rem; margin: 0; }
    dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
    @media (max-width: 38rem) {
      body { font-size: 1rem; }
      .page { padding: 1.5rem 1rem 3rem; }
      h1 { font-size: 1.5rem; }
      .summary { font-size: 1.05rem; }
      ol.claims li { grid-template-columns: 1fr; }
      ol.claims .evidence { grid-column: 1; }
      .card { padding: .25rem; }
      dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .7rem; }
    }
    @page { margin: 18mm; }
    @media print {
      :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --card: #fff; --link: #000; --good: #00694d;
        --bad: #a83c00; --unsure: #6b5a00; }
      body { font-size: 10pt; }
      .page { max-width: none; padding: 0; }
      nav, .files { display: none; }
      h2, h3 { break-after: avoid; }
      figure, tr, ol.claims li { break-inside: avoid; }
      .card, .card:focus { border: none; padding: 0; overflow: visible; }
      .card img { max-width: 13.5cm; margin: 0; }
      .scroll { overflow: visible; }
    }
    """
}
