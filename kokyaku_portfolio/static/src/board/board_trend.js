import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useRef,
} from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { deserializeDate } from "@web/core/l10n/dates";
import { spread } from "./board_format";

/**
 * Active in blue, lapsed in brown with hatching, darker with each step of growth: told apart by
 * lightness and texture, too.
 */
export const TIER_COLORS = {
    first_active: "#c6dfee",
    toddler_active: "#93c1dd",
    steady_active: "#5a9dc5",
    trend_active: "#2f73a3",
    loyal_active: "#124a73",
    first_lapsed: "#efe6da",
    toddler_lapsed: "#dfcdb4",
    steady_lapsed: "#c6a985",
    trend_lapsed: "#a0805c",
    loyal_lapsed: "#745639",
};
/** From the ground up: those who carry the sales at the bottom. */
const STACK = [
    "loyal_active",
    "trend_active",
    "steady_active",
    "toddler_active",
    "first_active",
    "first_lapsed",
    "toddler_lapsed",
    "steady_lapsed",
    "trend_lapsed",
    "loyal_lapsed",
];
const PALE = ["first_lapsed", "toddler_lapsed"];
const LABEL_FONT = 12;
const PAPER_SIZE = [915, 520]; // the place the picture has on a printed page

function hatched(color, stroke) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const pen = tile.getContext("2d");
    pen.fillStyle = color;
    pen.fillRect(0, 0, 6, 6);
    pen.strokeStyle = stroke;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const offset of [-6, 0, 6]) {
        pen.moveTo(offset, 6);
        pen.lineTo(offset + 6, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
}

/** Writes the name of each layer beside the last bar, in the order of the stack. */
const directLabels = {
    id: "kokyakuDirectLabels",
    afterDraw(chart, args, { gap }) {
        const { ctx, chartArea } = chart;
        const layers = chart.data.datasets
            .map((dataset, index) => {
                const bar = chart.getDatasetMeta(index).data.at(-1);
                return bar && { dataset, middle: (bar.y + bar.base) / 2, right: bar.x };
            })
            .filter(Boolean)
            .reverse();
        const places = spread(
            layers.map(({ middle }) => middle),
            gap,
            chartArea.top + gap / 2,
            chartArea.bottom - gap / 2
        );
        ctx.save();
        ctx.font = `${LABEL_FONT}px ${chart.options.font.family}`;
        ctx.textBaseline = "middle";
        for (const [index, { dataset, middle }] of layers.entries()) {
            ctx.lineWidth = 1;
            if (dataset.data.at(-1)) {
                ctx.strokeStyle = "#9aa5b1";
                ctx.beginPath();
                ctx.moveTo(chartArea.right, middle);
                ctx.lineTo(chartArea.right + 8, places[index]);
                ctx.stroke();
            }
            ctx.fillStyle = dataset.backgroundColor;
            ctx.fillRect(chartArea.right + 10, places[index] - 5, 10, 10);
            ctx.strokeStyle = "#5f6b7a";
            ctx.strokeRect(chartArea.right + 10.5, places[index] - 4.5, 9, 9);
            ctx.fillStyle = "#1f2933";
            ctx.fillText(dataset.label, chartArea.right + 25, places[index]);
        }
        ctx.restore();
    },
};

/**
 * 月次推移: the ten tiers over 24 months, stacked.
 *
 * Props: days (of the server, oldest first); tiers ({code, name}); values ({code: numbers});
 * format (value → text); share (whether values are fractions of 1); title (what the picture
 * shows, for those who do not see it); onOpen(code, day) when a piece of a bar is clicked.
 */
export class BoardTrend extends Component {
    static template = "kokyaku_portfolio.BoardTrend";
    static props = {
        days: Array,
        tiers: Array,
        values: Object,
        format: Function,
        share: Boolean,
        title: String,
        onOpen: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.values, this.props.days, this.props.share]
        );
        useExternalListener(window, "beforeprint", () => this.chart?.resize(...PAPER_SIZE));
        useExternalListener(window, "afterprint", () => this.chart?.resize());
        onWillUnmount(() => this.chart?.destroy());
    }

    get months() {
        return this.props.days.map((day) => deserializeDate(day));
    }

    /** Short names of months, with the year where it begins. */
    get labels() {
        return this.months.map((month, index) => {
            const name = month.toLocaleString({ month: "short" });
            return index === 0 || month.month === 1 ? [name, String(month.year)] : [name];
        });
    }

    get datasets() {
        const names = Object.fromEntries(this.props.tiers.map(({ code, name }) => [code, name]));
        return STACK.map((code) => ({
            code,
            label: names[code],
            data: this.props.values[code],
            backgroundColor: code.endsWith("_lapsed")
                ? hatched(TIER_COLORS[code], PALE.includes(code) ? "#74563988" : "#ffffffcc")
                : TIER_COLORS[code],
            borderWidth: 0,
            barPercentage: 0.9,
            categoryPercentage: 0.92,
        }));
    }

    draw() {
        this.chart?.destroy();
        const pen = this.canvas.el.getContext("2d");
        const family = getComputedStyle(this.canvas.el).fontFamily;
        pen.font = `${LABEL_FONT}px ${family}`;
        const widest = Math.max(...this.props.tiers.map(({ name }) => pen.measureText(name).width));
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: this.labels, datasets: this.datasets },
            plugins: [directLabels],
            options: this.options(widest, family),
        });
    }

    options(labelWidth, family) {
        const { format, share } = this.props;
        return {
            animation: false,
            font: { family },
            maintainAspectRatio: false,
            devicePixelRatio: Math.max(2, window.devicePixelRatio), // sharp on paper, too
            layout: { padding: { right: labelWidth + 30, top: 6 } },
            interaction: { mode: "nearest", intersect: true },
            onClick: (event, [bar]) => {
                if (bar) {
                    const { code } = this.chart.data.datasets[bar.datasetIndex];
                    this.props.onOpen(code, this.props.days[bar.index]);
                }
            },
            onHover: (event, bars) => {
                event.native.target.style.cursor = bars.length ? "pointer" : "";
            },
            scales: {
                x: {
                    stacked: true,
                    grid: { display: false },
                    ticks: { color: "#4b5563", font: { size: 12 }, maxRotation: 0, autoSkip: true },
                },
                y: {
                    stacked: true,
                    beginAtZero: true,
                    max: share ? 1 : undefined,
                    border: { display: false },
                    grid: { color: "#e5e7eb" },
                    ticks: {
                        color: "#4b5563",
                        font: { size: 12 },
                        maxTicksLimit: 6,
                        precision: share ? undefined : 0,
                        callback: (value) => format(value),
                    },
                },
            },
            plugins: {
                legend: { display: false },
                kokyakuDirectLabels: { gap: LABEL_FONT + 3 },
                tooltip: {
                    callbacks: {
                        title: ([bar]) =>
                            this.months[bar.dataIndex].toLocaleString({
                                year: "numeric", month: "long", day: "numeric",
                            }),
                        label: (bar) => `${bar.dataset.label}  ${format(bar.parsed.y)}`,
                    },
                },
            },
        };
    }
}
