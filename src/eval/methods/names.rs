//! The names of the attributes of built-in types.

use crate::eval::object::Class;

const INT: &str = "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real \
                   to_bytes";
const FLOAT: &str = "as_integer_ratio conjugate fromhex hex imag is_integer real";
const STR: &str = "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum \
                   isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper \
                   join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust \
                   rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill";
const LIST: &str = "append clear copy count extend index insert pop remove reverse sort";
const TUPLE: &str = "count index";
const SET: &str = "add clear copy difference difference_update discard intersection intersection_update isdisjoint \
                   issubset issuperset pop remove symmetric_difference symmetric_difference_update union update";
/// Those of an `OrderedDict` too.
const DICT: &str = "clear copy fromkeys get items keys move_to_end pop popitem setdefault update values";

/// Whether objects of a built-in class have an attribute: true where that is not known.
///
/// Source: `dir()` of each type in CPython 3.13.
pub fn has_attribute(class: Class, name: &str) -> bool {
    let names = match class {
        Class::Any | Class::Path | Class::File | Class::Bytes => return true,
        Class::Bool | Class::Int => INT,
        Class::Float => FLOAT,
        Class::Str => STR,
        Class::List => LIST,
        Class::Tuple => TUPLE,
        Class::Set => SET,
        Class::Dict => DICT,
    };
    name.starts_with("__") || names.split_whitespace().any(|known| known == name)
}

/// Whether all methods of a class are known; special ones may be there besides.
pub fn are_known(class: Class) -> bool {
    !matches!(class, Class::Any | Class::Path | Class::File | Class::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_types() {
        assert!(has_attribute(Class::Str, "removeprefix"));
        assert!(!has_attribute(Class::Tuple, "lstrip"));
        assert!(!has_attribute(Class::Str, "items"));
        assert!(has_attribute(Class::List, "__len__"));
        assert!(has_attribute(Class::Any, "whatever"));
    }
}
