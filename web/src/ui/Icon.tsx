const paths = {
  inbox: 'M4 13h4l1.5 3h5L16 13h4M5.5 5h13L20 13v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-5z',
  start: 'M12 5v14M5 12h14',
  cases: 'M5 5h14v14H5zM8.5 9.5h7M8.5 13h7M8.5 16h4',
  registers: 'M4 5h16v14H4zM4 9.5h16M9.5 5v14M4 14.2h16',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  forth: 'M9.5 5.5 16 12l-6.5 6.5',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 2',
  late: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  camera: 'M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
  file: 'M6 3.5h8L19 8.5v12H6zM14 3.5v5h5',
  pen: 'm4 20 1-4L16 5l3 3L8 19zM14 7l3 3',
  person: 'M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  more: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
  close: 'm6 6 12 12M18 6 6 18',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
