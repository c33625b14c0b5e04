/**
 * How much the app accepts. The page reads them from `api/info` and states them where
 * text is entered.
 */
export const limits = {
  /** Characters of one question. */
  questionCharacters: 4_000,
  /** Characters of the text that questions are about. */
  contextCharacters: 50_000,
  /** Characters of a text to summarize. */
  summaryCharacters: 100_000,
  /** Questions and answers that one request may carry. */
  messages: 100,
  /** Characters of an earlier answer. */
  answerCharacters: 50_000,
  /** Bytes of a request: room for the texts above with their longest encoding. */
  bodyBytes: 1024 * 1024,
} as const;
