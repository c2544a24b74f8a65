# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""What the rounds say: medians of the rounds' ratios, and how far they spread."""
import pathlib
import statistics

LATENCIES = ["p50", "p99"]
OURS = ("gateway::", "policy::")


def spread(values):
    """The median, and the quarters around it; what a single bad round did to the rest is left out."""
    quarters = statistics.quantiles(values, method="inclusive") if len(values) > 1 else values * 3
    return {"median": quarters[1], "lower": quarters[0], "upper": quarters[2],
            "lowest": min(values), "highest": max(values)}


def figure(measured, kind):
    """One figure of one server in one round."""
    if kind in LATENCIES:
        return measured["paced"]["latency_us"][kind]
    return measured["saturated"][kind]


def ratios(rounds, name, base, kind):
    """Rounds in which the base has no figure (no processor tick was counted) say nothing."""
    pairs = [(figure(measured[name], kind), figure(measured[base], kind)) for measured in rounds]
    return spread([value / against for value, against in pairs if against > 0] or [0.0])


def added(rounds, name, base, kind):
    return spread([figure(measured[name], kind) - figure(measured[base], kind) for measured in rounds])


def summarize(arguments, running, rounds, noise, rate):
    base = running[0].name
    rows = []
    for server in running:
        name = server.name
        row = {"name": name, "resident_mib": server.resident_mib, "publish": server.publish}
        for kind in ["messages_per_second", "cpu_us", *LATENCIES]:
            row[kind] = spread([figure(measured[name], kind) for measured in rounds])
            row[f"{kind}_ratio"] = ratios(rounds, name, base, kind)
        for kind in LATENCIES:
            row[f"{kind}_added_us"] = added(rounds, name, base, kind)
        rows.append(row)
    gateways = [server.name for server in running[2:]]
    scale = None
    if len(gateways) > 1:
        scale = {"of": gateways[-1], "against": gateways[0],
                 "messages_per_second_ratio": ratios(rounds, gateways[-1], gateways[0], "messages_per_second")}
    settings = {key: value for key, value in vars(arguments).items() if not isinstance(value, pathlib.Path)}
    return {"settings": settings, "rate": rate, "noise": noise, "servers": rows, "scale": scale, "rounds": rounds}


def range_text(values, form):
    return f"{values['median']:{form}} [{values['lower']:{form}}..{values['upper']:{form}}]"


def print_table(result):
    settings = result["settings"]
    each = settings["messages_per_connection"] or "all"
    print(f"{settings['connections']} connections, {each} messages each, 4 KiB, 15 header fields, "
          f"{settings['socket']} socket;")
    print(f"{settings['rounds']} rounds of {settings['seconds']:g} s; median [middle half] of the rounds")
    print()
    print(f"{'':16}{'messages/s':>10}  {'ratio to null':22}{'CPU us each':>11}  {'ratio to null':22}{'memory':>9}")
    for row in result["servers"]:
        print(f"{row['name']:16}{row['messages_per_second']['median']:10,.0f}  "
              f"{range_text(row['messages_per_second_ratio'], '.3f'):22}{row['cpu_us']['median']:11.1f}  "
              f"{range_text(row['cpu_us_ratio'], '.3f'):22}{row['resident_mib']:5.0f} MiB")
    print()
    print(f"latency at {result['rate']:,.0f} messages/s, counted from when each was due, in us")
    print(f"{'':16}{'p50':>10}{'added':>8}  {'ratio to null':22}{'p99':>10}{'added':>8}  {'ratio to null':22}")
    for row in result["servers"]:
        print(f"{row['name']:16}" + "".join(
            f"{row[kind]['median']:10,.0f}{row[f'{kind}_added_us']['median']:8,.0f}  "
            f"{range_text(row[f'{kind}_ratio'], '.3f'):22}"
            for kind in LATENCIES))
    print()
    print_rest(result)


def print_rest(result):
    if result["scale"]:
        scale = result["scale"]
        ratio = range_text(scale["messages_per_second_ratio"], ".3f")
        print(f"messages/s with {scale['of']} against {scale['against']}: {ratio}")
    for row in result["servers"]:
        if row["publish"]:
            cost = row["publish"]
            print(f"{row['name']}: published in {cost['seconds']:.1f} s with at most {cost['resident_mib']:.0f} MiB")
    noise = result["noise"]
    print(f"others used {noise['others_share']:.0%} of {noise['processors']} processors meanwhile; "
          "`null again` shows what this machine cannot tell apart")


def print_functions(counted, most=15):
    """Which functions spend what the milter that does nothing does not: themselves, and with all that they call."""
    extra = counted["gateway"] - counted["null"]
    print(f"instructions a message outside the kernel: null milter {counted['null']:,.0f}, gateway {counted['gateway']:,.0f}; "
          f"judging alone, {counted['explain']:,.0f}")
    if counted["publish"]:
        print(f"instructions to publish a person: {counted['publish']:,.0f}")
    for kind, title in (("functions", "what stands between them, by function"),
                        ("inclusive", "the same, with what our functions call")):
        print(f"{title:72}{'gateway':>9}{'null':>9}{'of the difference':>19}")
        rows = [row for row in counted[kind] if kind == "functions" or row["function"].startswith(OURS)]
        for row in rows[:most]:
            more = row["gateway"] - row["null"]
            name = f"{row['function']} [{row['library']}]"
            print(f"{name[:71]:72}{row['gateway']:9,.0f}{row['null']:9,.0f}{more / extra:19.1%}")
