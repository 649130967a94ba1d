import { assert } from './assert.ts'

/**
 * A bounded first-in first-out queue between callers and one consumer.
 * When full, `offer` answers false and keeps nothing: the caller must say so to whoever sent the message.
 */
export class Mailbox<T> {
  readonly #capacity: number
  #items: T[] = []
  #head = 0

  constructor(options: { capacity: number }) {
    assert(options.capacity > 0, 'a mailbox holds at least one')
    this.#capacity = options.capacity
  }

  get size(): number {
    return this.#items.length - this.#head
  }

  offer(item: T): boolean {
    if (this.size >= this.#capacity) return false
    this.#items.push(item)
    return true
  }

  peek(): T | undefined {
    return this.#items[this.#head]
  }

  take(): T | undefined {
    const item = this.#items[this.#head]
    if (item === undefined) return undefined
    this.#head++
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** Everything that waits, in order; the mailbox is empty afterwards. */
  drain(): T[] {
    const items = this.#items.slice(this.#head)
    this.#items = []
    this.#head = 0
    return items
  }
}
