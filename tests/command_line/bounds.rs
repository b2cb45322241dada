//! Programs that would take for ever, or more memory than there is, end soon, in "unknown".

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::project::{Project, settings};

/// Far more than any takes, so that a busy machine fails no test; what has no bound takes for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// What `A` ends with; none where the whole module is given up.
#[track_caller]
fn shown(project: &Project) -> Option<Value> {
    let start = Instant::now();
    let output = project.djudge(&["show", "--output-format", "json"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    document["modules"][0]["settings"].get("A").cloned()
}

/// None of the programs leaves `A` known.
#[track_caller]
fn assert_unknown(programs: &[String]) {
    for program in programs {
        let start: String = program.chars().take(200).collect();
        let shown = shown(&settings(program));
        let certainty = shown.as_ref().map(|setting| setting["certainty"].clone());
        assert!(certainty.is_none_or(|certainty| certainty != "known"), "{start}: {shown:?}");
    }
}

fn each(programs: &[&str]) -> Vec<String> {
    programs.iter().map(|program| (*program).to_owned()).collect()
}

/// A first statement, and another one many times.
fn again(first: &str, then: &str, times: usize) -> String {
    format!("{first}\n{}", format!("{then}\n").repeat(times))
}

/// A statement for each number.
fn numbered(first: &str, times: usize, statement: impl Fn(usize) -> String) -> String {
    format!("{first}\n{}", (0..times).map(statement).collect::<String>())
}

#[test]
fn repeated_values() {
    assert_unknown(&each(&[
        "A = 'a' * 10**12",
        "A = b'a' * 10**12",
        "A = [0] * 10**12",
        "A = (0,) * 10**12",
        "A = 2 ** (10 ** 9)",
        "A = 10**10**10",
        "A = pow(10, 10**10)",
        "A = 1 << 10**12",
    ]));
}

#[test]
fn wide_formats() {
    assert_unknown(&each(&[
        "A = '%1000000000d' % 1",
        "A = '%*d' % (10**9, 1)",
        "A = '%.1000000000f' % 1.0",
        "A = f'{1:>1000000000}'",
        "A = f'{1:>{10**9}}'",
        "A = '{:>1000000000}'.format('x')",
        "A = format(1, '>1000000000')",
        "A = 'x'.ljust(10**12)",
        "A = 'x'.rjust(10**12)",
        "A = 'x'.center(10**12)",
        "A = 'x'.zfill(10**12)",
        "A = '\\t'.expandtabs(10**12)",
    ]));
}

#[test]
fn values_that_double() {
    let programs = [
        ("A = [1]", "A = A + A"),
        ("A = [1]", "A += A"),
        ("A = [1]", "A.extend(A)"),
        ("A = (1,)", "A = A + A"),
        ("A = b'1'", "A = A + A"),
        ("A = []", "A = [A, A]"),
        ("A = ()", "A = (A, A)"),
        ("A = {}", "A = {'a': A, 'b': A}"),
        ("A = 'ab'", "A = A + A"),
        ("A = 'ab'", "A = f'{A}{A}'"),
        ("A = 'ab'", "A = '%s%s' % (A, A)"),
        ("A = 'ab'", "A = '{0}{0}'.format(A)"),
        ("A = 'ab'", "A = A.join([A, A])"),
        ("A = 'aaaa'", "A = A.replace('a', A)"),
        ("import os\nA = os.environ['X']", "A = A + A"),
        ("import os\nA = os.environ['X']", "A = f'{A}{A}'"),
        ("import os\nA = 'a'", "A = os.path.join(A, A)"),
        ("from pathlib import Path\nA = Path('a')", "A = A / A"),
        ("import x\nA = 0", "A = x.f(A, A)"),
    ];
    assert_unknown(&programs.map(|(first, then)| again(first, then, 60)));
}

#[test]
fn long_ranges() {
    assert_unknown(&each(&[
        "A = 0\nfor i in range(10**18):\n    A = i\n",
        "A = list(range(10**18))",
        "A = sum(range(10**18))",
        "A = [*range(10**18)]",
        "A = dict.fromkeys(range(10**18))",
        "A = set(range(10**18))",
        "A = [i for i in range(10**18)]",
        "A = {i: i for i in range(10**18)}",
        "A = {i % 7 for i in range(10**18)}",
        "A = list(zip(range(10**18), range(10**18)))",
        "A = list(enumerate(range(10**18)))",
        "A = list(map(str, range(10**18)))",
        "A = ','.join(str(i) for i in range(10**18))",
        "A = sorted(range(10**18))",
    ]));
}

#[test]
fn deep_nesting_of_values() {
    let programs = [
        ("A = []", "A = [A]"),
        ("A = ()", "A = (A,)"),
        ("A = {}", "A = {'a': A}"),
        ("import x\nA = 0", "A = x.f(A)"),
        ("A = 'a'", "A = A.strip"),
        ("A = 1", "A = lambda a=A: a"),
        ("class C:\n    def __init__(self, x):\n        self.x = x\nA = 0", "A = C(A)"),
    ];
    assert_unknown(&programs.map(|(first, then)| again(first, then, 2_000)));
    let looped = programs.map(|(first, then)| format!("{first}\nfor i in range(3000):\n    {then}\n"));
    assert_unknown(&looped);
}

#[test]
fn deep_expressions() {
    // These have a value, or raise; here it counts that they end.
    let nots = format!("A = {}True\n", "not ".repeat(5_000));
    for program in [
        nots,
        format!("A = {}\n", ["1"; 10_000].join(" + ")),
        format!("A = {}1\n", "-".repeat(5_000)),
        format!("import os\nA = os{}\n", ".path".repeat(10_000)),
        format!("import x\nA = x{}\n", ".f()".repeat(5_000)),
        format!("import x\nA = x{}\n", "[0]".repeat(5_000)),
        format!("A = {}1\n", "lambda: ".repeat(1_000)),
        format!("A = {}{}\n", "[".repeat(150), "]".repeat(150)),
        format!("A = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)),
        format!("A = {}\n", "9".repeat(100_000)),
    ] {
        let project = settings(&program);
        for args in [["show"].as_slice(), &["check"], &["show", "--output-format", "json"]] {
            let output = project.djudge(args);
            assert!(output.code <= 1 && !output.stderr.contains("panicked"), "{}", output.stderr);
        }
    }
}

#[test]
fn functions_and_classes_that_never_end() {
    assert_unknown(&each(&[
        "def f(n):\n    return f(n + 1)\nA = f(0)\n",
        "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nA = f(0)\n",
        "A = (lambda f: f(f))(lambda f: f(f))\n",
        "class C(C):\n    pass\nA = C()\n",
        "class C:\n    a = property(lambda self: self.b)\n    b = property(lambda self: self.a)\nA = C().a\n",
        "class C:\n    def __getattr__(self, name):\n        return self.missing\nA = C().x\n",
        "class C:\n    def __getitem__(self, i):\n        return self[i + 1]\nA = C()[0]\n",
        "class C:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return 1\nA = list(C())\n",
        "import itertools\nA = list(itertools.product(*[[0, 1]] * 40))\n",
    ]));
    let classes = numbered("class C0:\n    x = 1", 1_000, |i| format!("class C{}(C{i}):\n    pass\n", i + 1));
    shown(&settings(classes + "A = C1000.x\n"));
    let diamonds = |i: usize| {
        let (next, base) = (i + 1, format!("(C{i})"));
        format!("class L{i}{base}:\n    pass\nclass R{i}{base}:\n    pass\nclass C{next}(L{i}, R{i}):\n    pass\n")
    };
    shown(&settings(numbered("class C0:\n    x = 1", 30, diamonds) + "A = C30.x\n"));
}

#[test]
fn values_within_themselves() {
    assert_unknown(&each(&[
        "A = []\nA.append(A)\nB = A == A\nC = str(A)\nD = [A] + A\nimport copy\nE = copy.deepcopy(A)\n",
        "A = {}\nA['a'] = A\nB = A == {'a': A}\nC = {**A}\nD = repr(A)\n",
        "A = []\nB = [A]\nA.append(B)\nC = A == B\nD = sorted([A, B])\n",
        "A = {}\nA[1] = A\nB = {}\nB[1] = B\nC = A == B\n",
        "class C:\n    pass\nA = C()\nA.a = A\nB = A.a.a.a\n",
        "A = [1]\nfor x in A:\n    A.append(x)\n",
        "A = [1]\nfor x in A:\n    A.extend(A)\n",
        "A = {0: 0}\nfor x in A:\n    A[x + 1] = x\n",
    ]));
}

#[test]
fn loops_over_large_collections() {
    for program in [
        "A = []\nfor i in range(4000):\n    A.append(i)\n",
        "A = {}\nfor i in range(1000):\n    A[str(i)] = i\n",
        "A = set()\nfor i in range(1000):\n    A.add(i)\n",
        "A = []\nfor i in range(1000):\n    A.insert(0, i)\n",
        "X = [str(i) for i in range(500)]\nA = [x for x in X if x in X]\n",
        "A = {i for i in range(1000)}\nB = {i: i for i in range(1000)}\n",
    ] {
        shown(&settings(program));
    }
    // More steps than a program may take.
    assert_unknown(&each(&["X = [str(i) for i in range(3000)]\nA = [x for x in X if x in X]\n"]));
}

#[test]
fn many_conditions() {
    let cases: [(&str, &str); 6] = [
        ("A = []", "A += [{}]"),
        ("A = []", "A = A + [{}]"),
        ("A = ''", "A += '{}'"),
        ("A = ()", "A += ({},)"),
        ("A = {}", "A['{}'] = 1"),
        ("A = []", "A.insert(0, {})"),
    ];
    assert_unknown(&cases.map(|(first, then)| {
        let statement = |i: usize| format!("if os.environ.get('A{i}'):\n    {}\n", then.replace("{}", &i.to_string()));
        numbered(&format!("import os\n{first}"), 40, statement)
    }));
    let nested = |i: usize| format!("A = (A,) if os.environ.get('A{i}') else [A]\n");
    assert_unknown(&[numbered("import os\nA = 0", 200, nested)]);
    let elifs = |i: usize| format!("elif os.environ.get('A{i}'):\n    A = {i}\n");
    assert_unknown(&[numbered("import os\nif os.environ.get('A'):\n    A = 'x'", 500, elifs)]);
}

#[test]
fn long_modules() {
    let project = settings(numbered("A = 0", 30_000, |i| format!("A{i} = {i}\n")));
    assert_eq!(shown(&project).expect("A is there")["certainty"], "known");
    shown(&settings(again("A = 0", "A = A + 1", 20_000)));
    let items: Vec<String> = (0..40_000).map(|i| format!("'a{i}'")).collect();
    let project = settings(format!("A = [{}]\n", items.join(", ")));
    assert_eq!(shown(&project).expect("A is there")["certainty"], "known");
}

#[test]
fn modules_that_import_each_other() {
    let project = settings("from .a import *\nfrom .settings import *\nA = 1\n");
    project.write("config/a.py", "from .b import *\nB = 1\n");
    project.write("config/b.py", "from .a import *\nfrom .settings import *\nimport config.settings\nC = 1\n");
    shown(&project);
    let project = settings("from .m0 import *\nA = 1\n");
    for i in 0..200 {
        project.write(&format!("config/m{i}.py"), format!("from .m{} import *\nX{i} = 1\n", i + 1));
    }
    shown(&project);
}
