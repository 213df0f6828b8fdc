/** The drawings of 24 by 24, stroked. */
const paths = {
  customers: "M4 20v-1a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v1M10 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM16 4a3.5 3.5 0 0 1 0 6.5M20 20v-1a5 5 0 0 0-3-4.6",
  deals: "M3 8.5 8 5l4 2 4-2 5 3.5v7L16 19l-4-2.5M12 7l-4 4 2 2 3-2 5 4M3 15.5l6 4 3-3",
  task: "M4 5h16v15H4zM8 12.500l3 3 5.500-6M9 3v4M15 3v4",
  goods: "M12 3 20 7.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9",
  trading: "M4 8h13l-3.5-3.5M20 16H7l3.5 3.5",
  sharing: "M8.5 10.8 15.500 7.200M8.500 13.200l7 3.600M6 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM18 8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM18 20.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4",
  note: "M5 4h14v11l-5 5H5zM19 15h-5v5",
  call: "M5 4h4l1.500 4.500L8 10a12 12 0 0 0 6 6l1.500-2.500L20 15v4a1 1 0 0 1-1 1C11 20 4 13 4 5a1 1 0 0 1 1-1Z",
  email: "M4 6h16v12H4zM4 7l8 6 8-6",
  meeting: "M5 6h14v14H5zM5 10h14M9 4v4M15 4v4",
  resale: "M6 8h12l1 12H5zM9 8V7a3 3 0 0 1 6 0v1",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  upload: "M12 16V5M7.500 9.500 12 5l4.500 4.500M5 19h14",
  download: "M12 5v11M7.500 11.500 12 16l4.500-4.500M5 19h14",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  eye: "M3 12s3.500-6 9-6 9 6 9 6-3.500 6-9 6-9-6-9-6ZM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.500 10 17.500 19 7",
  warning: "M12 4 21 19.500H3zM12 10v4.500M12 17v.2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400",
  moon: "M20 14.500A8 8 0 0 1 9.500 4 8 8 0 1 0 20 14.500Z",
  out: "M14 5h5v14h-5M4 12h10M10.500 8.500 14 12l-3.500 3.500",
  keyboard: "M3 7h18v10H3zM7 10.500v.1M10.300 10.500v.1M13.700 10.500v.1M17 10.500v.1M8 14h8",
  back: "M14.500 6 8.500 12l6 6",
  edit: "M5 19l1-4L16.500 4.500l3 3L9 18z",
} as const;

export type IconName = keyof typeof paths;

/** A drawing that only goes with words; it is hidden from those who listen. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
