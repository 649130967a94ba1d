import type { FramedErrand } from './framed-report.ts'

/** Only a demo can frame a page: nodes name it in `frame-ancestors`, and the browser sees to it. */
export const isFramed = window.parent !== window

const roomPath = /^\/auction\/[0-9A-Z]{26}$/

export function errandOf(event: MessageEvent): FramedErrand | undefined {
  const said = event.data as FramedErrand | null
  if (event.source !== window.parent) return undefined
  if (said?.lotkeeper === 'go') return roomPath.test(said.path) ? said : undefined
  return said?.lotkeeper === 'apart' ? said : undefined
}
