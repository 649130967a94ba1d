import { useEffect, useState } from 'preact/hooks'
import { useApp } from './app.ts'
import { keepFresh, type Loaded } from './loaded.ts'

interface Shown<T> extends Loaded<T> {
  readonly refresh: () => void
}

/** `fetch` again and again while the part is shown; anew when `key` changes. */
export function useRefreshed<T>(key: string, everyMs: number, fetch: () => Promise<T>): Shown<T> {
  const { clock } = useApp()
  const [shown, setShown] = useState<Shown<T> & { key: string }>({
    key,
    value: undefined,
    error: undefined,
    refresh: () => undefined,
  })
  useEffect(() => {
    const refreshed = keepFresh(fetch, { clock, everyMs })
    const stopShowing = refreshed.loaded.subscribe((loaded) =>
      setShown({ ...loaded, key, refresh: () => refreshed.refresh() }),
    )
    return () => {
      stopShowing()
      refreshed.stop()
    }
  }, [key])
  return shown.key === key ? shown : { ...shown, value: undefined, error: undefined }
}
