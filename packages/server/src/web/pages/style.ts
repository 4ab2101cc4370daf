/** Colours, by role. Text on its ground is at least 4.5:1, the edge of a field 3:1 (WCAG 2.2 §1.4.3, §1.4.11). */
const COLOURS = `
:root {
  color-scheme: light dark;
  --ground: #f4f4f7; --card: #ffffff; --raised: #f8f8fb; --hover: #f1f2f8;
  --ink: #16171f; --muted: #5a5d6e; --line: #e3e4eb; --edge: #868a9c;
  --accent: #3d46c4; --fill: #3d46c4; --fill-hover: #2f37a8; --on-fill: #ffffff; --halo: #3d46c426;
  --problem: #b3202c; --problem-ground: #fdf1f1; --problem-line: #f0c6c8;
  --notice-ground: #eff1fd; --notice-line: #cfd4f6;
  --caution: #855100; --caution-ground: #fdf6e8; --caution-line: #edd9ae;
  --shadow: 0 1px 2px #16171f0d, 0 12px 32px -12px #16171f1f;
  --tone-0: #e4e7fd; --tone-1: #fbe3ea; --tone-2: #dcf2ea; --tone-3: #fdeed5; --tone-4: #dfeefb; --tone-5: #f0e4fb;
  --tone-0-ink: #343ba6; --tone-1-ink: #97264f; --tone-2-ink: #0f5c46; --tone-3-ink: #7a4a00; --tone-4-ink: #124f80; --tone-5-ink: #6b2f9e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d0e14; --card: #16171f; --raised: #1c1e28; --hover: #232532;
    --ink: #eeeff5; --muted: #a4a8ba; --line: #2a2c3a; --edge: #6f748a;
    --accent: #a9b2ff; --fill: #5761e0; --fill-hover: #6670ea; --on-fill: #ffffff; --halo: #a9b2ff33;
    --problem: #ff9b9f; --problem-ground: #2a1618; --problem-line: #5c2a2e;
    --notice-ground: #1b1e36; --notice-line: #353b6b;
    --caution: #f0c177; --caution-ground: #261d0f; --caution-line: #54411f;
    --shadow: 0 1px 2px #0006, 0 16px 40px -12px #000a;
    --tone-0: #282c5c; --tone-1: #4b1f30; --tone-2: #153a30; --tone-3: #42300f; --tone-4: #16334d; --tone-5: #3a2354;
    --tone-0-ink: #c5cbff; --tone-1-ink: #ffc2d4; --tone-2-ink: #a5e6cf; --tone-3-ink: #f6d9a4; --tone-4-ink: #b5dcfb; --tone-5-ink: #e2c8fb;
  }
}
`;

const LAYOUT = `
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-block-size: 100vh; min-block-size: 100dvh;
  display: flex; flex-direction: column; align-items: center; justify-content: safe center;
  gap: 1.5rem; padding: 2rem 1rem 4rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
.brand, .card { inline-size: 100%; max-inline-size: 27rem; }
.brand {
  display: flex; align-items: center; justify-content: center; gap: .625rem;
  font-weight: 600; font-size: 1.0625rem; letter-spacing: -.01em; line-height: 1.3;
}
.mark { inline-size: 2rem; block-size: 2rem; flex: none; }
.mark-wax { fill: var(--fill); }
.mark-cut { stroke: var(--on-fill); }
.card {
  display: flex; flex-direction: column; gap: 1.5rem; padding: 2.25rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shadow);
}
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
p { text-wrap: pretty; }
ul { list-style: none; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; text-wrap: balance; }
h1 .name { color: var(--accent); }
.lead { margin-block-start: -1rem; color: var(--muted); }
.lead .name, .lead .host, .note .name, .note .host, .destination .host { color: var(--ink); font-weight: 600; }
.badge, .avatar { flex: none; display: grid; place-items: center; font-weight: 650; line-height: 1; border: 1px solid transparent; overflow: hidden; }
.badge { inline-size: 3rem; block-size: 3rem; border-radius: .75rem; font-size: 1.375rem; }
.badge .icon { inline-size: 1.625rem; block-size: 1.625rem; }
.good { background: var(--tone-2); color: var(--tone-2-ink); }
.bad { background: var(--problem-ground); border-color: var(--problem-line); color: var(--problem); }
.avatar { inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%; }
.square { border-radius: .625rem; }
.square, .plain { background: var(--raised); border-color: var(--line); color: var(--muted); }
${[0, 1, 2, 3, 4, 5].map((n) => `.tone-${n} { background: var(--tone-${n}); color: var(--tone-${n}-ink); }`).join('\n')}
.icon { inline-size: 1.25rem; block-size: 1.25rem; flex: none; }
[dir="rtl"] .turns { transform: scaleX(-1); transform-origin: center; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: .9375em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
@media (max-width: 30rem) {
  body { justify-content: flex-start; gap: 1.25rem; padding: 1.25rem .75rem 2rem; }
  .card { padding: 1.5rem 1.25rem; border-radius: .875rem; }
}
`;

const CONTROLS = `
.form { display: flex; flex-direction: column; gap: 1.25rem; }
.form:has(> .quiet) { margin-block: -.75rem; }
.field { display: flex; flex-direction: column; gap: .375rem; }
label { font-weight: 600; font-size: .9375rem; }
input:not([type="hidden"], .unseen) {
  inline-size: 100%; min-block-size: 2.875rem; padding: .5rem .875rem; font: inherit; color: var(--ink);
  background: var(--card); border: 1px solid var(--edge); border-radius: .625rem;
}
input:focus-visible { outline: 2px solid var(--accent); outline-offset: -1px; box-shadow: 0 0 0 4px var(--halo); }
input[aria-invalid="true"] { border-color: var(--problem); }
input:autofill { box-shadow: inset 0 0 0 100rem var(--notice-ground); -webkit-text-fill-color: var(--ink); }
.password { position: relative; display: flex; }
.password:has(.reveal:not([hidden])) input { padding-inline-end: 6.5rem; }
.reveal, .copy {
  min-block-size: 2.75rem; min-inline-size: 2.75rem; padding: 0 .875rem; border: 0; background: none; flex: none; white-space: nowrap;
  font: inherit; font-size: .9375rem; font-weight: 500; color: var(--accent); cursor: pointer; border-radius: .5rem;
}
.reveal { position: absolute; inset-block: .0625rem; inset-inline-end: .0625rem; }
.reveal:hover, .copy:hover { text-decoration: underline; text-underline-offset: .2em; }
.reveal[hidden], .copy[hidden] { display: none; }
.hint { color: var(--muted); font-size: .9375rem; }
.field-error { display: flex; gap: .5rem; color: var(--problem); font-size: .9375rem; font-weight: 500; }
.field-error .icon { margin-block-start: .1rem; }
.button {
  display: inline-flex; align-items: center; justify-content: center; min-block-size: 2.875rem; padding: .5rem 1.25rem;
  font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  border: 1px solid transparent; border-radius: .625rem; transition: background-color .12s, border-color .12s;
}
.form > .button { inline-size: 100%; }
.primary { background: var(--fill); color: var(--on-fill); }
.primary:hover { background: var(--fill-hover); }
.secondary { background: var(--card); color: var(--ink); border-color: var(--edge); }
.secondary:hover { background: var(--hover); }
.quiet { background: none; color: var(--muted); font-weight: 500; }
.quiet:hover { background: var(--hover); color: var(--ink); }
.button[aria-disabled="true"] { opacity: .75; cursor: progress; }
.actions, .links { display: flex; flex-wrap: wrap; gap: .75rem; }
.actions .button, .links .button { flex: 1 1 9rem; }
.choices { display: flex; flex-direction: column; gap: .625rem; }
.choice {
  display: flex; align-items: center; gap: .875rem; inline-size: 100%; min-block-size: 4rem; padding: .625rem .875rem;
  font: inherit; color: inherit; text-align: start; text-decoration: none; cursor: pointer;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; transition: background-color .12s, border-color .12s;
}
.choice:hover { background: var(--hover); border-color: var(--edge); }
.choice > .icon { color: var(--muted); margin-inline-start: auto; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;

const FACTS = `
.note {
  display: flex; gap: .75rem; padding: .875rem 1rem; font-size: .9375rem;
  background: var(--notice-ground); border: 1px solid var(--notice-line); border-radius: .75rem;
}
.note .icon { color: var(--accent); margin-block-start: .1rem; }
.note.problem { background: var(--problem-ground); border-color: var(--problem-line); }
.note.problem .icon { color: var(--problem); }
.note.caution { background: var(--caution-ground); border-color: var(--caution-line); }
.note.caution .icon { color: var(--caution); }
.account {
  display: flex; align-items: center; gap: .875rem; padding: .5rem .875rem; min-block-size: 4rem;
  background: var(--raised); border: 1px solid var(--line); border-radius: .75rem;
}
.account-names { flex: 1 1 8rem; min-inline-size: 0; line-height: 1.35; }
.account-name, .account-username { display: block; }
.account-name { font-weight: 600; }
.account-username { color: var(--muted); font-size: .9375rem; }
.account-other { display: inline-flex; align-items: center; min-block-size: 2.75rem; padding-inline: .25rem; font-size: .9375rem; font-weight: 500; }
.facts { display: flex; flex-direction: column; gap: .75rem; }
.facts h2 { font-size: .9375rem; font-weight: 500; color: var(--muted); }
.facts ul { display: flex; flex-direction: column; gap: .75rem; }
.facts li { display: flex; gap: .75rem; }
.facts li > div { min-inline-size: 0; }
.facts .icon { margin-block-start: .125rem; color: var(--accent); }
.detail { color: var(--muted); font-size: .9375rem; }
.destination { display: flex; gap: .75rem; padding-block-start: 1.25rem; border-block-start: 1px solid var(--line); color: var(--muted); font-size: .9375rem; }
.destination .icon { margin-block-start: .1rem; }
.client-links { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.25rem; margin-block: -.75rem; font-size: .9375rem; }
.client-links a { display: inline-flex; align-items: center; min-block-size: 2.75rem; color: var(--muted); }
.particulars { border-block-start: 1px solid var(--line); padding-block-start: 1rem; display: flex; flex-direction: column; }
.particulars div { display: flex; align-items: center; gap: 0 1rem; min-block-size: 2.75rem; }
.particulars dt { flex: 0 0 5.5rem; color: var(--muted); font-size: .9375rem; }
.particulars dd { flex: 1; min-inline-size: 0; display: flex; align-items: center; justify-content: space-between; gap: .5rem; }
.particulars .copy { margin-inline-end: -.875rem; }
.particulars + .hint { margin-block-start: -1rem; }
`;

/** The one style sheet of all pages; serve it as `text/css` at the URL in `Frame.stylesheet`. */
export const STYLESHEET: string = COLOURS + LAYOUT + CONTROLS + FACTS;
