/** High and short for what went well, low and long for what did not; silent without speakers. */
const TONES = {
    success: { frequency: 1320, seconds: 0.06 },
    warning: { frequency: 660, seconds: 0.15 },
    danger: { frequency: 180, seconds: 0.4 },
};
let context;

export function beep(kind) {
    const { frequency, seconds } = TONES[kind];
    try {
        context ||= new AudioContext();
        const tone = context.createOscillator();
        const volume = context.createGain();
        volume.gain.value = 0.08;
        tone.frequency.value = frequency;
        tone.connect(volume).connect(context.destination);
        tone.start();
        tone.stop(context.currentTime + seconds);
    } catch {
        // no sound: the colour says it
    }
}
