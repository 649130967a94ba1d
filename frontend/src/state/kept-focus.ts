import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

/** Where the focus was in a part that has just been taken away. */
let left: { readonly id: string; readonly place: number } | undefined

/** A part of this id that is taken away and at once drawn anew elsewhere, as a list shifts, keeps the focus in it. */
export function useKeptFocus(id: string, element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const part = element.current
    if (left?.id === id) stopsIn(part)[left.place]?.focus({ preventScroll: true })
    return () => {
      const place = stopsIn(part).findIndex((stop) => stop === document.activeElement)
      if (place === -1) return
      left = { id, place }
      queueMicrotask(() => (left = undefined))
    }
  }, [])
}

function stopsIn(part: HTMLElement | null): HTMLElement[] {
  return [...(part?.querySelectorAll<HTMLElement>('a, button') ?? [])]
}
