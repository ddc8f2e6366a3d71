//! The built-in templates, by name; a folder of the office's own may replace any of them.

macro_rules! built_in {
    ($($kind:literal)*) => {
        &[
            ("_layout.txt.j2", include_str!("../../templates/_layout.txt.j2")),
            ("_layout.html.j2", include_str!("../../templates/_layout.html.j2")),
            ("_notice.txt.j2", include_str!("../../templates/_notice.txt.j2")),
            ("_notice.html.j2", include_str!("../../templates/_notice.html.j2")),
            ("_signature.txt.j2", include_str!("../../templates/_signature.txt.j2")),
            ("_signature.html.j2", include_str!("../../templates/_signature.html.j2")),
            ("_emergency.txt.j2", include_str!("../../templates/_emergency.txt.j2")),
            ("_emergency.html.j2", include_str!("../../templates/_emergency.html.j2")),
            ("_missing.txt.j2", include_str!("../../templates/_missing.txt.j2")),
            ("_missing.html.j2", include_str!("../../templates/_missing.html.j2")),
            $(
                (
                    concat!($kind, "/subject.txt.j2"),
                    include_str!(concat!("../../templates/", $kind, "/subject.txt.j2")),
                ),
                (concat!($kind, "/body.txt.j2"), include_str!(concat!("../../templates/", $kind, "/body.txt.j2"))),
                (concat!($kind, "/body.html.j2"), include_str!(concat!("../../templates/", $kind, "/body.html.j2"))),
            )*
        ]
    };
}

/// Names and texts of the built-in templates.
pub(crate) const BUILT_IN: &[(&str, &str)] = built_in!(
    "registered" "out_of_hours" "clarification" "anonymous" "routed" "forwarded" "interim" "solved" "explained"
    "refused" "returned" "stopped" "withdrawn" "state" "operators_waiting" "alert_resonant" "alert_channel"
    "channel_restored" "alert_register" "complaint" "department_new" "department_reminder" "department_echo"
    "escalation"
);
