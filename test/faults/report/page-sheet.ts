/** The page's own style and the one line that follows the pointer: nothing is fetched from anywhere. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f8f6f1, #131619);
  --sheet: light-dark(#fffefb, #1b1f23);
  --ink: light-dark(#1c2024, #ebe8e2);
  --muted: light-dark(#5c636b, #a2a9b0);
  --line: light-dark(#e1dcd1, #30363c);
  --good: light-dark(#17664c, #63c8a0);
  --bad: light-dark(#a5301a, #f2a585);
  --fault: light-dark(#c2532f, #e07a55);
  --store-fault: light-dark(#8a4a7d, #c98abb);
  --accepted: light-dark(#2f8f6b, #4fb38c);
  --refused: light-dark(#b6b2a8, #565d64);
  --unknown: light-dark(#d99a1c, #e6b450);
  --violation: light-dark(#b3001b, #ff6b5e);
  --extension: light-dark(#5b7fb5, #7fa3d9);
  --credit: light-dark(#d99a1c, #e6b450);
  --back: light-dark(#6d8f9c, #6f97a6);
  --node-1: light-dark(#2c6fb3, #6aa7e6);
  --node-2: light-dark(#c27a1a, #e0a04a);
  --node-3: light-dark(#3f8f5b, #6cbf88);
  --node-4: light-dark(#8a5bb0, #b590dc);
  --node-5: light-dark(#b04a6a, #de86a3);
  --node-6: light-dark(#5d6b75, #9aa8b2);
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
  --serif: 'Iowan Old Style', Palatino, 'Source Serif 4', Georgia, 'DejaVu Serif', serif;
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 var(--sans) }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem }
@media (min-width: 48rem) { main, header, footer { padding: 0 2rem } }
header { padding-top: 2rem }
h1 { font: 600 1.75rem/1.2 var(--serif); margin: 0; text-wrap: balance }
.subtitle { color: var(--muted); margin: .375rem 0 0 }
.verdict { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; margin: 1.25rem 0 0; font-size: 1.125rem; font-variant-numeric: tabular-nums }
.verdict strong { color: var(--good) }
.verdict.failed strong { color: var(--bad) }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 0 2.5rem; margin: 1.25rem 0 2rem }
dl div { display: flex; justify-content: space-between; gap: 1rem; border-top: 1px solid var(--line); padding: .375rem 0 }
dt { color: var(--muted) }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums }
h2 { font: 600 1.125rem/1.3 var(--serif); margin: 0 }
.trouble { background: var(--sheet); border: 1px solid var(--line); border-left: 4px solid var(--violation); border-radius: .375rem; padding: .75rem 1rem; margin: 0 0 1.5rem }
.trouble ul { margin: .5rem 0 0; padding-left: 1.125rem }
.trouble li { overflow-wrap: anywhere }
.time { position: relative; overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: .625rem; padding: 0 1rem 1.25rem }
.time:focus-visible { outline: 2px solid var(--good); outline-offset: 2px }
.inner { position: relative; width: max-content }
.lane { margin-top: 1.25rem }
.lane h2, .lane .note, .label { position: sticky; left: 0; width: max-content }
.lane .note { max-width: min(60rem, calc(100vw - 5rem)); color: var(--muted); font-size: .8125rem; margin: 0 0 .375rem }
.row { position: relative }
.label { display: block; font-size: .75rem; line-height: 1.1rem; color: var(--muted) }
svg { display: block }
.bar, .pin { fill: var(--mark) }
.pin { stroke: var(--sheet); stroke-width: 1 }
.base { stroke: var(--line) }
svg text { font: 500 11px var(--sans); fill: var(--ink) }
.within { fill: light-dark(#ffffff, #101316) !important; pointer-events: none }
g:hover > .bar, g:hover > .pin { stroke: var(--ink); stroke-width: 1.5 }
.axis { margin-top: 1rem }
.axis line { stroke: var(--muted) }
.axis text { fill: var(--muted) }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: 0 0 .75rem; font-size: .8125rem; color: var(--muted) }
.legend li::before { content: ''; display: inline-block; width: .75rem; height: .75rem; border-radius: .125rem; margin-right: .375rem; vertical-align: -1px; background: var(--mark) }
.cross { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--ink); opacity: .5; pointer-events: none; display: none }
.cross span { position: absolute; top: 0; left: .375rem; background: var(--ink); color: var(--paper); font-size: .75rem; padding: 0 .375rem; border-radius: .25rem; white-space: nowrap; font-variant-numeric: tabular-nums }
footer { color: var(--muted); font-size: .8125rem; padding-top: 1.25rem; padding-bottom: 2rem; overflow-wrap: anywhere }
`

/** A thin line under the pointer through all lanes, with the time. */
export const pageScript = `
const inner = document.querySelector('.inner')
const cross = document.querySelector('.cross')
const said = cross.firstElementChild
inner.addEventListener('pointermove', (event) => {
  const x = event.clientX - inner.getBoundingClientRect().left
  const share = Math.min(1, Math.max(0, x / inner.clientWidth))
  cross.style.display = 'block'
  cross.style.left = share * 100 + '%'
  said.textContent = ((share * inner.dataset.spanMs) / 1000).toFixed(2) + ' s'
  said.style.left = share > 0.9 ? 'auto' : '.375rem'
  said.style.right = share > 0.9 ? '.375rem' : 'auto'
})
inner.addEventListener('pointerleave', () => (cross.style.display = 'none'))
`
