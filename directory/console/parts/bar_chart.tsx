// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { scaleBand, scaleLinear } from 'd3-scale';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { count } from './text';

export interface Bar {
  label: string;
  // Below the bar, if there is room.
  tick: string;
  // In the order of the series.
  values: number[];
}

const HEIGHT = 190;
const MARGIN = { top: 8, right: 2, bottom: 22, left: 34 };
const WIDEST_BAR = 36;
const ROOM_OF_TICK = 58;

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

// How wide an element is, also after it was made wider.
function useWidth<T extends Element>() {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { element, width };
}

function scalesOf(bars: Bar[], width: number) {
  const highest = Math.max(4, ...bars.map((bar) => sum(bar.values)));
  const x = scaleBand<number>()
    .domain(bars.map((_, i) => i))
    .range([MARGIN.left, width - MARGIN.right])
    .paddingInner(0.28)
    .paddingOuter(0.1);
  const y = scaleLinear()
    .domain([0, highest])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  return { x, y };
}

type Scales = ReturnType<typeof scalesOf>;

function Stack({ bar, at, scales: { x, y } }: { bar: Bar; at: number; scales: Scales }) {
  const wide = Math.min(x.bandwidth(), WIDEST_BAR);
  const left = (x(at) ?? 0) + (x.bandwidth() - wide) / 2;
  let below = 0;
  return (
    <>
      {bar.values.map((value, i) => {
        if (value === 0) return null;
        // A hair of ground tells two series apart without their colours; a single finding is still seen.
        const gap = below > 0 ? 1 : 0;
        const bottom = y(below) - gap;
        const top = y((below += value));
        return <rect key={i} class={'series-' + i} x={left} y={top} width={wide} height={Math.max(bottom - top, 1)} />;
      })}
    </>
  );
}

function Axes({ bars, scales: { x, y }, width }: { bars: Bar[]; scales: Scales; width: number }) {
  const each = Math.max(1, Math.ceil(ROOM_OF_TICK / Math.max(x.step(), 1)));
  const last = bars.length - 1;
  return (
    <>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={MARGIN.left} x2={width} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" text-anchor="end">
            {count(tick)}
          </text>
        </g>
      ))}
      {bars.map((bar, i) => {
        if ((last - i) % each !== 0) return null;
        const middle = (x(i) ?? 0) + x.bandwidth() / 2;
        const isAtEnd = i === last && x.step() < ROOM_OF_TICK;
        return (
          <text
            key={i}
            x={isAtEnd ? width - MARGIN.right : middle}
            y={HEIGHT - 5}
            text-anchor={isAtEnd ? 'end' : 'middle'}
          >
            {bar.tick}
          </text>
        );
      })}
    </>
  );
}

// Stacked bars to look at. Whoever does not see them is told by `label`, and reads the table beside it.
export function BarChart({ label, bars, pointed, onPoint }: {
  label: string;
  bars: Bar[];
  pointed: number | null;
  onPoint: (bar: number | null) => void;
}) {
  const { element, width } = useWidth<HTMLDivElement>();
  const scales = scalesOf(bars, width);
  const point = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - MARGIN.left;
    const bar = Math.floor(at / scales.x.step());
    onPoint(at >= 0 && bar < bars.length ? bar : null);
  };
  const step = scales.x.step();
  return (
    <div class="chart" ref={element}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={label}
          width={width}
          height={HEIGHT}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => onPoint(null)}
        >
          {pointed !== null && (
            <rect
              class="pointed"
              x={(scales.x(pointed) ?? 0) - (step - scales.x.bandwidth()) / 2}
              y={MARGIN.top}
              width={step}
              height={HEIGHT - MARGIN.top - MARGIN.bottom}
            />
          )}
          <Axes bars={bars} scales={scales} width={width} />
          {bars.map((bar, i) => (
            <Stack key={i} bar={bar} at={i} scales={scales} />
          ))}
        </svg>
      )}
    </div>
  );
}
