/** Between nodes of one cluster; nobody else speaks it. Rises when an older node would misread a frame. */
export const nodeSubprotocol = 'lotkeeper.node.v1'

export const nodesPath = '/nodes'

/** Beside `Authorization: Bearer PASS`: store sessions of the node that is meant, and of the one that connects. */
export const linkHeaders = { to: 'x-lotkeeper-to', from: 'x-lotkeeper-from' } as const

/** What a link carries, and what happens beyond. */
export const linkLimits = {
  /** The link is closed with 1009 beyond. */
  frameBytesMax: 1024 * 1024,
  /** What is gathered in one turn of the event loop is cut into frames of about so many characters. */
  gatheredCharsMax: 256 * 1024,
  /** More in one forward are not sent. */
  bidsPerForwardMax: 2_000,
  /** Links of one node to others; the least recently used goes. As many are let in, and the next one is refused. */
  linksMax: 64,
  /** Forwards that wait for an answer on one link; no more are sent. */
  outstandingMax: 1_000,
  /** Forwards of one link that a node has not answered; none of the next one's bids is taken. */
  unansweredMax: 2_000,
  /** Bytes that wait to leave: nothing more is forwarded, and who does not read its answers is cut off. */
  bufferedBytesMax: 1024 * 1024,
  answersBufferedBytesMax: 8 * 1024 * 1024,
  /** An unused link is closed by the node that opened it, and by the other when that did not happen. */
  unusedMsMax: 60_000,
  silentMsMax: 90_000,
  /** After this, with the next frame, a link is asked for whether the secret that it came in by is still good. */
  admittedMsMax: 30_000,
  /** A handshake that is not answered for so long has failed. */
  connectMsMax: 3_000,
  /** A handshake that the store has not judged by then is refused; the node that made it has given up long before. */
  admissionMsMax: 10_000,
  /** After a failure the next try waits, at first and at most; doubling until an answer comes. */
  retryMsMin: 1_000,
  retryMsMax: 30_000,
  /** Forwards in a row that nobody answered in time: the link is cut. */
  missedMax: 3,
} as const
