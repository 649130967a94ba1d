import { useEffect, useRef, useState } from 'preact/hooks'

/** How far around the screen counts: what is there, or nearly; and what may soon be. */
export type Reach = '120px' | '600px'

/**
 * Whether an element is on the screen. One observer for each reach looks after all of them; since a thousand of them cost
 * milliseconds a frame, only those that may be there are looked after.
 */
export function useOnScreen<Seen extends Element>(reach: Reach = '120px', mayBe = true) {
  const element = useRef<Seen>(null)
  const [isOnScreen, setIsOnScreen] = useState(false)
  useEffect(() => {
    const seen = element.current
    if (seen !== null && mayBe) return observe(seen, reach, setIsOnScreen)
    setIsOnScreen(false)
    return undefined
  }, [mayBe])
  return { element, isOnScreen }
}

const listeners = new WeakMap<Element, (isOnScreen: boolean) => void>()
const observers = new Map<Reach, IntersectionObserver>()

function observe(
  element: Element,
  reach: Reach,
  listener: (isOnScreen: boolean) => void,
): () => void {
  const observer = observers.get(reach) ?? new IntersectionObserver(tell, { rootMargin: reach })
  observers.set(reach, observer)
  listeners.set(element, listener)
  observer.observe(element)
  return () => {
    listeners.delete(element)
    observer.unobserve(element)
  }
}

function tell(entries: readonly IntersectionObserverEntry[]): void {
  for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting)
}
