const paths = {
  home: 'M3 11.5 12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-5.5h4V20',
  people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5M16 4.8a3.5 3.5 0 0 1 0 6.4M18 15c2 .6 3.2 2.2 3.6 4.5',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.7-3.8 3.7-6 7.5-6s6.8 2.2 7.5 6',
  key: 'M14.5 13.5a5 5 0 1 0-4.6-3L3.5 17v3.5H7v-2.5h2.5v-2.5h2l1.2-2.2c.6.2 1.2.2 1.8.2ZM16 8.5h.01',
  mail: 'M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.4 2',
  shield: 'M12 3.2 4.8 6v5.6c0 4.4 3 7.6 7.2 9.2 4.2-1.6 7.2-4.8 7.2-9.2V6zM8.8 12l2.3 2.3 4.2-4.4',
  unshielded: 'M12 3.2 4.8 6v5.6c0 4.4 3 7.6 7.2 9.2 4.2-1.6 7.2-4.8 7.2-9.2V6zM12 8v4.4M12 15.6h.01',
  warning: 'M12 4 2.8 19.8h18.4zM12 10v4.6M12 17.2h.01',
  hand: 'M4 12h14M13 6.5l5.5 5.5-5.5 5.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16.2 16.2 20.5 20.5',
  plus: 'M12 5v14M5 12h14',
  check: 'M4.5 12.5 10 18 19.5 7',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M6.5 9.5 12 15l5.5-5.5',
  next: 'M9.5 6.5 15 12l-5.5 5.5',
  back: 'M14.5 6.5 9 12l5.5 5.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  code: 'M8.5 7.5 4 12l4.5 4.5M15.5 7.5 20 12l-4.5 4.5M13.2 5l-2.4 14',
  device: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  building: 'M4.5 20.5V4h10v16.5M14.5 9.5h5v11M3 20.5h18M8 8h3M8 12h3M8 16h3',
  star: 'm12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z',
  sun: 'M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4ZM12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5l1.4 1.4M17.1 17.1l1.4 1.4M5.5 18.5l1.4-1.4M17.1 6.9l1.4-1.4',
  link: 'M10 14.2a4 4 0 0 0 6 .4l3-3A4 4 0 0 0 13.3 6l-1.6 1.6M14 9.8a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.7 18l1.6-1.6',
  settings: 'M3.5 7.5h8M16.5 7.5h4M14 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.5 16.5h4M12.5 16.5h8M10 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  exit: 'M14 4.5H5v15h9M10 12h10.5M16.5 8l4 4-4 4',
}
export type IconName = keyof typeof paths

/** A drawing beside words that say the same, so nobody reads it out. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={name === 'more' ? 3 : 1.7} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#2a55d4" />
      <path d="M8 9h16v4h-6v11h-4V13H8z" fill="#fff" />
    </svg>
  )
}
