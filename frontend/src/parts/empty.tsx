import type { ComponentChildren } from 'preact'

/** Where there is nothing to show: says why, and where to go on. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>
}
