/** Offered under a comment; any emoji that another program puts there is shown too. */
export const offered = [
  { emoji: '👍', name: 'Thumbs up' },
  { emoji: '👎', name: 'Thumbs down' },
  { emoji: '❤️', name: 'Heart' },
  { emoji: '🎉', name: 'Party' },
  { emoji: '😄', name: 'Laughing' },
  { emoji: '🤔', name: 'Thinking' },
  { emoji: '👀', name: 'Eyes' },
  { emoji: '🚀', name: 'Rocket' },
] as const;
