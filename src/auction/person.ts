/** Someone who bids or sells: an account or a guest. `id` never changes; `name` is what others see. */
export interface Person {
  readonly id: string
  readonly name: string
}
