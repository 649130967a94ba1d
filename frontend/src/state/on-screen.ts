import { useEffect, useRef, useState } from 'preact/hooks'

/** Whether an element is on the screen, or nearly. One observer looks after all of them. */
export function useOnScreen() {
  const element = useRef<HTMLLIElement>(null)
  const [isOnScreen, setIsOnScreen] = useState(false)
  useEffect(() => {
    const seen = element.current
    return seen === null ? undefined : observe(seen, setIsOnScreen)
  }, [])
  return { element, isOnScreen }
}

const listeners = new WeakMap<Element, (isOnScreen: boolean) => void>()
let observer: IntersectionObserver | undefined

function observe(element: Element, listener: (isOnScreen: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting)
    },
    { rootMargin: '120px' },
  )
  listeners.set(element, listener)
  observer.observe(element)
  return () => {
    listeners.delete(element)
    observer?.unobserve(element)
  }
}
