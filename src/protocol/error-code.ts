/** What a caller should know of a code. `status` is the one of HTTP; over the WebSocket the code stands alone. */
export interface ErrorMeaning {
  readonly status: number
  readonly title: string
  /** What a program, or the person before it, should do now. */
  readonly advice: string
}

/** The closed list of everything that can be refused or fail. Codes are never reused for another meaning. */
export const errorCodes = {
  'bad-request': mean(400, 'A field is missing or not as described', 'Correct the named field.'),
  'bad-json': mean(400, 'The body is no JSON object', 'Send one JSON object in UTF-8.'),
  'unknown-field': mean(400, 'A field is not known here', 'Leave it out; check its spelling.'),
  'unknown-parameter': mean(400, 'A query parameter is not known here', 'Leave it out.'),
  'bad-parameter': mean(400, 'A query parameter has no valid value', 'Correct it.'),
  'bad-amount': mean(
    400,
    'The amount is no decimal of this currency',
    'Send a plain decimal such as "120.00", with no more decimals than the currency has.',
  ),
  'bad-conditions': mean(
    400,
    'The conditions contradict themselves',
    'Correct the field that is named.',
  ),
  'bad-message': mean(400, 'The frame is no message of this protocol', 'Do not send it again.'),
  'unknown-type': mean(400, 'No message has this type', 'Do not send it again.'),
  'sign-in-first': mean(401, 'This needs a session', 'POST /session, then send its token.'),
  'wrong-pass': mean(
    401,
    'Only nodes of this cluster may connect here',
    'Programs use /ws; a node must have the same store as this one.',
  ),
  'not-seller': mean(403, 'Only the seller may do this', 'Do not send it again.'),
  'operator-only': mean(
    403,
    'Only the operator may do this',
    "Send the operator's token as Authorization: Bearer.",
  ),
  'origin-not-allowed': mean(
    403,
    'The page that asks is not of this cluster',
    "Serve the page from a node, or start the nodes with --allow-origin and the page's origin.",
  ),
  'no-such-auction': mean(404, 'There is no auction with this id', 'Check the id.'),
  'not-in-journal': mean(
    404,
    'No bid with this id is in the journal',
    'With final true it never will be; before that, send the same bid again to settle it.',
  ),
  'no-such-route': mean(404, 'Nothing is served here', 'See /openapi.json.'),
  'method-not-allowed': mean(405, 'This path does not take this method', 'See the Allow header.'),
  'request-timeout': mean(408, 'The request did not arrive in time', 'Send it again, in one go.'),
  'bid-too-low': mean(
    409,
    'The bid is below the minimum next bid',
    'Final: bid at least the minimum next bid, under a new bidId.',
  ),
  closed: mean(409, 'The auction is over', 'Final: nothing more can be bid.'),
  'seller-may-not-bid': mean(409, 'The seller may not bid here', 'Final.'),
  'not-open': mean(409, 'The auction is not open yet', 'Send it again once it is open.'),
  'own-bid': mean(409, 'Your own bid stands', 'Wait until you are outbid.'),
  'step-too-large': mean(
    409,
    'The step is too large',
    'Bid less: one bid goes to 100 times the minimum at most, or to 10,000.00 where that is more.',
  ),
  'has-bids': mean(409, 'There is a bid already', 'An auction with bids cannot be cancelled.'),
  'other-incarnation': mean(
    409,
    'The node that is meant is not here, or no more',
    'Look at the members again; give each node an --advertise-url of its own.',
  ),
  'precondition-failed': mean(
    412,
    'The file is not the one that the condition names',
    'Get it again without the condition.',
  ),
  'too-large': mean(413, 'The body is too large', 'Send at most 16 KiB.'),
  'wrong-content-type': mean(415, 'The body is not sent as JSON', 'Use application/json.'),
  'range-not-satisfiable': mean(
    416,
    'The file does not have this range',
    'Content-Range says how long it is.',
  ),
  'expectation-failed': mean(
    417,
    'Nothing but 100-continue can be expected',
    'Leave the Expect header out.',
  ),
  'wrong-host': mean(
    421,
    'This node is not called by that name',
    "Use its advertised URL; or start it with --allow-host and this name, or --allow-origin and the page's origin.",
  ),
  'bid-id-reused': mean(
    422,
    'This bidId was used for another amount',
    'Take a new bidId for a new bid.',
  ),
  'idempotency-key-reused': mean(
    422,
    'This Idempotency-Key was used for another auction',
    'Take a new key for a new auction.',
  ),
  'rate-limited': mean(429, 'Too much in too short a time', 'Wait for retryAfterMs.'),
  'too-many-subscriptions': mean(429, 'This socket watches too many auctions', 'Unsubscribe some.'),
  'too-many-auctions': mean(
    429,
    'Too many auctions are scheduled or open',
    'Wait until some are over, or cancel one.',
  ),
  'too-many-guests': mean(
    429,
    'Too many guests signed in within an hour',
    'Wait for retryAfterMs.',
  ),
  'headers-too-large': mean(431, 'The headers are too large', 'Send at most 16 KiB of them.'),
  internal: mean(500, 'The node failed at this', 'Try again, then report the requestId.'),
  overloaded: mean(503, 'Too much waits here', 'Send it again after retryAfterMs.'),
  'store-unavailable': mean(
    503,
    'The store does not serve; bidding is paused',
    'Send it again after retryAfterMs; time lost near the end is given back.',
  ),
  unsettled: mean(503, 'The clock of this node is not settled', 'Try again shortly, or elsewhere.'),
  closing: mean(503, 'The auction is being closed', 'Send it again to learn what became of it.'),
  draining: mean(503, 'This node is leaving', 'Ask another node.'),
  quarantined: mean(
    503,
    'The records of this auction cannot be read by this node',
    'Ask the operator; nothing may be written here.',
  ),
  'store-full': mean(
    507,
    'The store is nearly full; ask the operator',
    'Bids go on. Try again once the operator has made room.',
  ),
  'outcome-unknown': mean(
    504,
    'It may or may not have happened',
    'Send the same again with the same bidId or key: it counts once.',
  ),
} as const satisfies Record<string, ErrorMeaning>

export type ErrorCode = keyof typeof errorCodes

function mean(status: number, title: string, advice: string): ErrorMeaning {
  return { status, title, advice }
}
