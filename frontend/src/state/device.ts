/** What a phone or computer can do to be noticed. Whatever it cannot do, it does not; nothing here throws. */
export interface Device {
  /** Silent until the visitor has touched the page once: browsers forbid it before, and people dislike it. */
  play(tonesHz: readonly number[]): void
  vibrate(patternMs: readonly number[]): void
  notify(words: string): void
  askToNotify(): Promise<boolean>
  isHidden(): boolean
  keepAwake(isWanted: boolean): void
}

const toneSeconds = 0.16

export function browserDevice(): Device {
  let audio: AudioContext | undefined
  const touched = () => {
    audio ??= new AudioContext()
    void audio.resume().catch(() => undefined)
  }
  for (const gesture of ['pointerdown', 'keydown']) {
    addEventListener(gesture, touched, { once: true, passive: true })
  }
  return {
    play(tonesHz) {
      if (audio?.state !== 'running') return
      for (const [index, tone] of tonesHz.entries()) sound(audio, tone, index * toneSeconds)
    },
    vibrate(patternMs) {
      if ('vibrate' in navigator) navigator.vibrate([...patternMs])
    },
    notify(words) {
      if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
      try {
        new Notification('Lotkeeper', { body: words, tag: 'lotkeeper' })
      } catch {
        return // Some phones take notifications from service workers only.
      }
    },
    async askToNotify() {
      if (!('Notification' in globalThis)) return false
      return (await Notification.requestPermission()) === 'granted'
    },
    isHidden: () => document.hidden,
    keepAwake: createWakeLock(),
  }
}

function sound(audio: AudioContext, toneHz: number, afterSeconds: number): void {
  const startsAt = audio.currentTime + afterSeconds
  const [tone, volume] = [audio.createOscillator(), audio.createGain()]
  tone.frequency.value = toneHz
  volume.gain.setValueAtTime(0.0001, startsAt)
  volume.gain.exponentialRampToValueAtTime(0.18, startsAt + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, startsAt + toneSeconds)
  tone.connect(volume).connect(audio.destination)
  tone.start(startsAt)
  tone.stop(startsAt + toneSeconds)
}

/** Keeps the screen lit, where the browser lets us, while it is wanted. */
function createWakeLock(): (isWanted: boolean) => void {
  let held: Promise<WakeLockSentinel | undefined> | undefined
  return (isWanted) => {
    if (isWanted === (held !== undefined) || !('wakeLock' in navigator)) return
    if (isWanted) held = navigator.wakeLock.request('screen').catch(() => undefined)
    else {
      void held?.then((lock) => lock?.release())
      held = undefined
    }
  }
}
