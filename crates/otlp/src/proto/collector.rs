//! OTLP's messages as its .proto files have them. Written by `cargo xtask gen`: change them there.

pub mod logs {
    pub mod v1 {
        #[derive(Clone, PartialEq, ::prost::Message)]
        pub struct ExportLogsServiceRequest {
            #[prost(message, repeated, tag = "1")]
            pub resource_logs:
                ::prost::alloc::vec::Vec<super::super::super::logs::v1::ResourceLogs>,
        }
        #[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
        pub struct ExportLogsServiceResponse {
            #[prost(message, optional, tag = "1")]
            pub partial_success: ::core::option::Option<ExportLogsPartialSuccess>,
        }
        #[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
        pub struct ExportLogsPartialSuccess {
            #[prost(int64, tag = "1")]
            pub rejected_log_records: i64,
            #[prost(string, tag = "2")]
            pub error_message: ::prost::alloc::string::String,
        }
    }
}
pub mod trace {
    pub mod v1 {
        #[derive(Clone, PartialEq, ::prost::Message)]
        pub struct ExportTraceServiceRequest {
            #[prost(message, repeated, tag = "1")]
            pub resource_spans:
                ::prost::alloc::vec::Vec<super::super::super::trace::v1::ResourceSpans>,
        }
        #[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
        pub struct ExportTraceServiceResponse {
            #[prost(message, optional, tag = "1")]
            pub partial_success: ::core::option::Option<ExportTracePartialSuccess>,
        }
        #[derive(Clone, PartialEq, Eq, Hash, ::prost::Message)]
        pub struct ExportTracePartialSuccess {
            #[prost(int64, tag = "1")]
            pub rejected_spans: i64,
            #[prost(string, tag = "2")]
            pub error_message: ::prost::alloc::string::String,
        }
    }
}
