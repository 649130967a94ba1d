import type { Campaign } from './campaign.ts'
import { escapeHtml } from './html.ts'
import { pageStyle } from './page-sheet.ts'

const namePadding = 36

export function campaignText({ tables, warnings }: Campaign): string {
  return [
    ...tables.flatMap(({ store, headline, rows }) => [
      `${store}: ${headline}`,
      ...rows.map(([name, value]) => `  ${name.padEnd(namePadding)}${value}`),
      '',
    ]),
    ...warnings.map((text) => `NOTE ${text}`),
  ].join('\n')
}

/** One HTML page that needs nothing else. */
export function campaignPage({ tables, warnings }: Campaign): string {
  const listed = warnings.map((text) => `<li>${escapeHtml(text)}</li>`).join('\n')
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Fault campaign</title><style>${pageStyle}${campaignStyle}</style></head><body>`,
    '<header><h1>Fault campaign</h1></header><main>',
    ...(warnings.length === 0
      ? []
      : [
          `<section class="trouble"><h2>Before you quote a figure</h2><ul>${listed}</ul></section>`,
        ]),
    ...tables.map(
      ({ store, headline, rows }) =>
        `<section><h2>${escapeHtml(store)}</h2><p class="verdict">${escapeHtml(headline)}</p><dl class="wide">${rows
          .map(
            ([name, value]) =>
              `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
          )
          .join('\n')}</dl></section>`,
    ),
    '</main></body></html>\n',
  ].join('\n')
}

const campaignStyle = `
main { padding-top: 1.5rem }
section > .verdict { margin-top: .25rem }
dl.wide { grid-template-columns: 1fr }
dl.wide div { justify-content: flex-start; flex-wrap: wrap }
dl.wide dt { flex: 0 0 17rem }
dl.wide dd { text-align: left; flex: 1 1 16rem; overflow-wrap: anywhere }
`
