import { useState } from "preact/hooks";

const carries = (e: DragEvent): boolean => e.dataTransfer?.types.includes("Files") ?? false;

/** A part of the screen on which files can be dropped. */
export interface Target {
  over: boolean;
  handlers: object;
}

/**
 * useTarget makes a part of the screen take files that are dragged onto it;
 * on is the record under the pointer, if it says so by data-document.
 */
export function useTarget(take: (files: File[], on: string | null) => void): Target {
  const [depth, setDepth] = useState(0);
  return {
    over: depth > 0,
    handlers: {
      onDragEnter: (e: DragEvent) => carries(e) && setDepth((n) => n + 1),
      onDragLeave: (e: DragEvent) => carries(e) && setDepth((n) => Math.max(0, n - 1)),
      onDragOver: (e: DragEvent) => carries(e) && e.preventDefault(),
      onDrop: (e: DragEvent) => {
        if (!carries(e)) return;
        e.preventDefault();
        setDepth(0);
        const on = (e.target as Element).closest("[data-document]")?.getAttribute("data-document") ?? null;
        take([...(e.dataTransfer?.files ?? [])], on);
      },
    },
  };
}

/** pick asks for files by the system's own dialog. */
export function pick(multiple: boolean, take: (files: File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = multiple;
  input.onchange = () => take([...(input.files ?? [])]);
  input.click();
}
